/** The page's words: of the Fluent files that it shares with the program, those messages that it shows. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { FluentSerializer, Message, parse, Resource } from "@fluent/syntax";
import type { Plugin } from "vite";

export const LANGUAGES = ["en", "ru", "kk", "ar", "es", "fr"] as const;
const FILES = ["page", "vocabulary", "submitter", "errors"] as const;

/** Beginnings of the keys that the page uses; all others speak of a terminal. */
const SHOWN = [
  "page-", "act-", "victim-", "perpetrator-", "severity-", "part-of-day-", "open-", "hidden-",
  "interview-readers", "interview-digits", "codename-this-is", "codename-keep", "submit-waiting", "submit-accepted",
  "return-looking", "return-nothing", "return-sent", "return-opened", "return-not-opened", "return-reply", "return-gap",
  "return-double", "return-refused",
  "error-link-", "error-not-open", "error-roster-", "error-no-space", "error-mailbox-full", "error-gone",
  "error-drop-failed", "error-too-large", "error-codename-",
];

/** What the page speaks in a language, as one Fluent source without comments. */
export function localeOf(language: string): string {
  const body = FILES.flatMap((file) => {
    const path = fileURLToPath(new URL(`../../locales/${language}/${file}.ftl`, import.meta.url));
    return parse(readFileSync(path, "utf8"), { withSpans: false }).body;
  });
  const isShown = (id: string) => SHOWN.some((beginning) => id.startsWith(beginning));
  const shown = body.filter((entry): entry is Message => entry instanceof Message && isShown(entry.id.name));
  // A comment that stands right above a message belongs to it.
  for (const message of shown) message.comment = null;
  return new FluentSerializer().serialize(new Resource(shown));
}

/** Gives the page `virtual:locales`. */
export function locales(): Plugin {
  const id = "\0virtual:locales";
  return {
    name: "kua-locales",
    resolveId: (source) => (source === "virtual:locales" ? id : undefined),
    load: (source) => {
      if (source !== id) return undefined;
      return `export default ${JSON.stringify(Object.fromEntries(LANGUAGES.map((tag) => [tag, localeOf(tag)])))};`;
    },
  };
}
