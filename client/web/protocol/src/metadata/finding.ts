/** What was found in an image besides its picture, for the person to see. */

/** The kinds have the same names as in the Rust code, and so one set of messages. */
export type FindingKind =
  | "location"
  | "device"
  | "author"
  | "time"
  | "thumbnail"
  | "comment"
  | "software"
  | "history"
  | "profile"
  | "trailing"
  | "unknown";

export interface Finding {
  readonly kind: FindingKind;
  /** What it says, where that is a few words: for the person alone. */
  readonly says?: string;
}

/** Most letters that a person would read. */
const MOST = 80;

/** A text of unknown encoding, cut to what a person would read. */
export function readable(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replace(/\p{Cc}/gu, "").trim();
  return Array.from(text).slice(0, MOST).join("");
}
