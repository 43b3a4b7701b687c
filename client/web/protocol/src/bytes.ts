/** Bytes as text and back: UTF-8, lower-case hex, and the base64 forms that the protocol has. */

import { base64, base64url, base64urlnopad } from "@scure/base";

const encoder = new TextEncoder();

/** Bytes that own plain memory, as the web's own interfaces ask for. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** One after the other, in new memory. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Reads lower-case hex of exactly so many bytes; anything else is nothing. */
export function fromHex(text: string, length: number): Bytes | undefined {
  if (text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) return undefined;
  return Uint8Array.from({ length }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** Base64url without padding: binary in JSON and headers (protocol, "JSON"). */
export function toBase64url(bytes: Uint8Array): string {
  return base64urlnopad.encode(bytes);
}

/** Reads base64url without padding, of exactly so many bytes if a length is given; anything else is nothing. */
export function fromBase64url(text: string, length?: number): Bytes | undefined {
  const bytes = decoded(base64urlnopad, text);
  return length === undefined || bytes?.length === length ? bytes : undefined;
}

/** Base64 with padding: DSSE, RFC 9421 and RFC 9530 write it so. */
export function toBase64(bytes: Uint8Array): string {
  return base64.encode(bytes);
}

/** Reads base64 with padding in either alphabet (DSSE, "Envelope"). */
export function fromEitherBase64(text: string): Bytes | undefined {
  return decoded(base64, text) ?? decoded(base64url, text);
}

function decoded(coder: { decode(text: string): Uint8Array }, text: string): Bytes | undefined {
  try {
    return new Uint8Array(coder.decode(text));
  } catch {
    return undefined;
  }
}
