/** Which images can be cleaned here. */

export type Format = "jpeg" | "png" | "webp";

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The format of a file, by its first bytes (12 are enough) and not by its name. */
export function formatOf(beginning: Uint8Array): Format | undefined {
  const has = (at: number, bytes: readonly number[]) => bytes.every((byte, n) => beginning[at + n] === byte);
  const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));
  if (has(0, [0xff, 0xd8, 0xff])) return "jpeg";
  if (has(0, PNG)) return "png";
  if (has(0, ascii("RIFF")) && has(8, ascii("WEBP"))) return "webp";
  return undefined;
}
