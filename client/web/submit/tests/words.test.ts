/** The page's words: the same messages in six languages, none missing, and none that nobody shows. */

import { readdirSync, readFileSync } from "node:fs";

import { Message, parse, Visitor, type VariableReference } from "@fluent/syntax";
import { expect, test } from "vitest";

import { LANGUAGES, localeOf } from "../../build/locales.ts";
import { VOCABULARIES } from "@kua/protocol/report.generated.ts";

/** Every message of a language, with the arguments that it uses. */
function messagesOf(language: string): Map<string, string> {
  const { body } = parse(localeOf(language), { withSpans: false });
  const messages = body.filter((entry): entry is Message => entry instanceof Message);
  return new Map(messages.map((message) => [message.id.name, argumentsOf(message)]));
}

function argumentsOf(message: Message): string {
  const found = new Set<string>();
  class Arguments extends Visitor {
    visitVariableReference(variable: VariableReference): void {
      found.add(variable.id.name);
    }
  }
  new Arguments().visit(message);
  return [...found].sort().join(" ");
}

const english = messagesOf("en");
const source = new URL("../src/", import.meta.url);
const code = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => readFileSync(new URL(name, source), "utf8"))
  .join("\n");

test.each(LANGUAGES)("%s says everything that English says, about the same things", (language) => {
  const messages = messagesOf(language);
  expect([...english.keys()].filter((key) => !messages.has(key))).toEqual([]);
  for (const [key, args] of messages) expect(`${key} ${args}`).toBe(`${key} ${english.get(key)}`);
});

test("every message that the page names is there", () => {
  const keys = Array.from(code.matchAll(/"((?:page|return|error|interview|codename|submit|open|hidden)-[a-z-]+)"/g));
  // Two of them are a class and an id.
  const named = keys.map(([, key = ""]) => key).filter((key) => !["error-title", "error-summary"].includes(key));
  expect(named.length).toBeGreaterThan(80);
  expect(named.filter((key) => !english.has(key))).toEqual([]);
});

test("every word of the vocabularies is there", () => {
  const prefixes = {
    PartOfDay: "part-of-day",
    Act: "act",
    VictimKind: "victim",
    PerpetratorType: "perpetrator",
    Severity: "severity",
  } as const;
  for (const [name, prefix] of Object.entries(prefixes)) {
    const codes: readonly string[] = VOCABULARIES[name as keyof typeof prefixes];
    expect(codes.filter((code) => !english.has(`${prefix}-${code}`))).toEqual([]);
  }
});

test("no message of the page is there that nobody shows", () => {
  // These are put together from a beginning and a code.
  const composed = /^page-(before|stage)-|^page-(day|month|year)$/;
  const own = [...english.keys()].filter((key) => key.startsWith("page-") && !composed.test(key));
  expect(own.filter((key) => !code.includes(`"${key}"`))).toEqual([]);
});
