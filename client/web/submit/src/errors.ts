/** What went wrong, in the person's words, and what to do next. */

import { Refused } from "@kua/protocol/refused.ts";
import type { Words } from "./words.ts";

/** Messages by reason; those that the program has too are shared with it. */
const MESSAGES: Readonly<Partial<Record<Refused["why"], string>>> = {
  "no-address": "page-link-address",
  "insecure": "error-link-insecure",
  "extra-parts": "error-link-extra",
  "no-fingerprint": "page-link-incomplete",
  "mistyped": "error-link-mistyped",
  "newer": "error-link-newer",
  "not-open": "error-not-open",
  "other-root": "error-roster-other-root",
  "not-yet": "error-roster-not-yet",
  "expired": "error-roster-expired",
  "unreachable": "page-unreachable",
  "dishonest": "page-dishonest",
  "lost": "page-dishonest",
  "word-count": "error-codename-count",
  "unknown-word": "error-codename-word",
  "checksum": "error-codename-checksum",
  "too-large": "error-too-large",
  "too-much-text": "page-too-much-text",
  "changed": "page-file-changed",
  "mistake": "page-mistake",
};

/** Problems that a drop names and that mean something to the person. */
const PROBLEMS: Readonly<Record<string, string>> = {
  "no-space": "error-no-space",
  "mailbox-full": "error-mailbox-full",
  "not-open": "error-not-open",
  "gone": "error-gone",
};

/** Reasons for which a roster, or the answer that it comes in, is refused as a whole. */
const ROSTER: readonly Refused["why"][] = ["malformed", "other-kind", "bad-signature", "content", "invalid", "other-drop", "recipient"];

const KIB = 1024;

export function inWords(error: unknown, words: Words): string {
  if (!(error instanceof Refused)) return words.say("page-mistake");
  const { why, details, message } = error;
  if (why === "problem") return words.say(PROBLEMS[String(details["kind"])] ?? "error-drop-failed");
  if (ROSTER.includes(why)) return words.say("error-roster-bad", { why: message });
  const args: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(details)) {
    args[name] = typeof value === "object" ? value.join(", ") : value;
  }
  // The messages of the program name these so.
  if (why === "not-yet") args["day"] = args["issued"] ?? "";
  if (why === "expired") args["day"] = args["expires"] ?? "";
  if (why === "unknown-word") args["perhaps"] = args["suggestions"] ?? "";
  if (why === "too-large") {
    for (const name of ["size", "limit"]) args[name] = Math.ceil(Number(args[name] ?? 0) / KIB);
  }
  return words.say(MESSAGES[why] ?? "page-mistake", args);
}
