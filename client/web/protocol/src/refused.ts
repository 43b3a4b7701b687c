/** Why something was refused: a word for programs and test vectors; the message is for people who look closer. */
export type Why =
  // Signed statements, rosters, receipts and drops; `tests/vectors/README.md` says what each means.
  | "malformed"
  | "other-kind"
  | "bad-signature"
  | "content"
  | "other-root"
  | "invalid"
  | "not-yet"
  | "expired"
  | "lower-serial"
  | "two-truths"
  | "other-drop"
  | "not-in-force"
  | "not-open"
  // Links.
  | "no-address"
  | "insecure"
  | "extra-parts"
  | "no-fingerprint"
  | "mistyped"
  | "newer"
  // Codenames.
  | "word-count"
  | "unknown-word"
  | "checksum"
  // Reports, archives and sealing.
  | "missing"
  | "field"
  | "name"
  | "too-much-text"
  | "too-large"
  | "nobody-chosen"
  | "too-many-recipients"
  | "recipient"
  | "changed"
  | "not-opened"
  | "mistake"
  // Images.
  | "not-understood"
  // Speaking to a drop.
  | "unreachable"
  | "problem"
  | "dishonest"
  | "lost"
  // Replies.
  | "stranger"
  | "other-mailbox"
  | "malformed-reply"
  // The case log.
  | "other-author"
  | "other-report"
  | "other-place"
  | "malformed-entry";

/**
 * The one error of this library.
 *
 * `details` holds what a page needs to say it in her language: a day, a position, a field.
 */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(
    readonly why: Why,
    message: string,
    readonly details: Readonly<Record<string, string | number | readonly string[]>> = {},
  ) {
    super(message);
  }
}
