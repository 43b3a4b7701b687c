import { expect, test } from "vitest";

import { utf8 } from "../src/bytes.ts";
import { Envelope, type Kind } from "../src/dsse.ts";
import { readLogObject, verifyEntry } from "../src/entry.ts";
import { claimsToBeGrant, verifyGrant } from "../src/grant.ts";
import type { DropId, ObjectId } from "../src/ids.ts";
import { PublicKey, SigningKey } from "../src/keys.ts";
import { hex, vectors, whyRefused } from "./vectors.ts";

interface Refusals {
  refused: { about: string; why: string; envelope: string }[];
}

interface Entries extends Refusals {
  drop: DropId;
  report: ObjectId;
  cases: { about: string; seed: string; entry: Statement; digest: string; envelope: string }[];
}

interface Statement {
  [field: string]: unknown;
  parents: string[];
  changes: { [field: string]: unknown; change: string }[];
}

const { drop, report, cases, refused } = vectors<Entries>("entry.json");
const place = { drop, report };
const aigul = SigningKey.derive(new Uint8Array(32).fill(1), "coordinator/sign");

/** What was read, with keys as JSON writes them. */
function asJson(value: object): unknown {
  return JSON.parse(JSON.stringify(value, (_, part: unknown) => (part instanceof PublicKey ? part.text : part)));
}

/** A statement signed as it is, whatever it says. */
function signed(statement: object | string, kind: Kind = "entry"): Envelope {
  const json = typeof statement === "string" ? statement : JSON.stringify(statement);
  return Envelope.sign(kind, utf8(json), aigul);
}

/** The entry of the first case by another author, with other fields. */
function entry(fields: object): Statement {
  return { ...(cases[0]?.entry as Statement), author: aigul.publicKey.text, ...fields };
}

function verified(...changes: unknown[]) {
  return verifyEntry(signed(entry({ changes })), place).changes;
}

test.each(cases)("$about", ({ seed, entry, digest, envelope }) => {
  const read = verifyEntry(readLogObject(utf8(envelope)), place);
  const { drop: _, report: __, later: ___, ...stated } = entry;
  const known = (change: string, status: unknown) => change !== "mood" && status !== "escalated";
  const changes = stated.changes.map((content) => {
    if (!known(content.change, content["status"])) return { change: "unknown", content };
    return content.change === "reply" ? { attachment: null, ...content } : content;
  });
  expect(asJson(read)).toEqual({ ...stated, changes, digest });
  const key = SigningKey.derive(hex(seed), "coordinator/sign");
  expect(JSON.stringify(Envelope.sign("entry", utf8(JSON.stringify(entry)), key))).toBe(envelope);
});

test.each(refused)("$about is refused", ({ why, envelope }) => {
  expect(whyRefused(() => verifyEntry(readLogObject(utf8(envelope)), place))).toBe(why);
});

test("a change that is not of a known form is unknown, and one that is no object is none", () => {
  for (const change of [
    {},
    { change: 7 },
    { change: "unknown", content: {} },
    { change: "status", status: "Closed" },
    { change: "severity", severity: 3 },
    { change: "label", label: "arrest" },
    { change: "label", label: "arrest", on: "yes" },
    { change: "assignee", to: "nobody" },
    { change: "note", text: null },
    { change: "link", to: report, relation: "enemy", on: true },
    { change: "link", to: report.toUpperCase(), relation: "related", on: true },
    { change: "undo", entry: report.slice(2) },
    { change: "grant-made" },
    { change: "handed-out", to: "a court", form: "html" },
    { change: "reply", message: report, number: -1, kind: "text", text: "", language: "en" },
    { change: "reply", message: report, number: 1, kind: "text", text: "", language: "en", attachment: {} },
    { change: "reply", message: report, number: 1, kind: "text", text: "", language: "en", attachment: "form.pdf" },
  ]) {
    expect(verified(change)).toEqual([{ change: "unknown", content: change }]);
  }
  // What may be null may be left out.
  expect(verified({ change: "assignee" }, { change: "severity", later: 1 })).toEqual([
    { change: "assignee", to: null },
    { change: "severity", severity: null },
  ]);
  for (const change of [null, "note", ["note", "text"]]) {
    expect(whyRefused(() => verified(change)), JSON.stringify(change)).toBe("content");
  }
});

test("texts have their limits, in bytes", () => {
  const longest = { change: "note", text: "ж".repeat(512 * 1024) };
  const reply = { change: "reply", message: report, number: 1, kind: "text", text: "a".repeat(65_536), language: "kk" };
  const handed = { change: "handed-out", to: "a".repeat(2000), form: "age", digest: report };
  const label = { change: "label", label: "ж".repeat(100), on: true };
  expect(verified(longest)).toEqual([longest]);
  expect(verified(handed, label, ...Array<object>(14).fill(reply))).toHaveLength(16);
  for (const changes of [
    [longest, { change: "note", text: "x" }],
    [{ ...reply, text: `${reply.text}a` }],
    [{ ...reply, language: "a".repeat(201) }],
    [{ ...handed, to: `${handed.to}a` }],
    [{ ...handed, form: " " }],
    [{ ...label, label: `${label.label}a` }],
    [{ ...label, label: "arrest\u0085" }],
    [{ change: "severity", severity: "" }],
    [{ change: "note", text: "\u2003\n" }],
    Array<object>(15).fill(reply).concat({ ...longest, text: "a".repeat(64 * 1024 + 1) }),
  ]) {
    expect(whyRefused(() => verified(...changes))).toBe("malformed-entry");
  }
});

test("the longest envelope is read, and a longer one is not", () => {
  // JSON doubles a quote or the end of a line, and base64 adds a third.
  const envelope = signed(entry({ changes: [{ change: "note", text: '"\n'.repeat(512 * 1024) }] }));
  const json = utf8(JSON.stringify(envelope));
  const padded = new Uint8Array(3 * 1024 * 1024 + 2048);
  padded.set(json);
  expect(verifyEntry(readLogObject(padded), place).clock).toBe(1);
  // White space is JSON and counts; zeros are padding and do not.
  expect(whyRefused(() => readLogObject(padded.fill(0x20, json.length)))).toBe("malformed");
  expect(whyRefused(() => readLogObject(new Uint8Array(2048)))).toBe("malformed");
});

interface Grants extends Refusals {
  drop: DropId;
  report: ObjectId;
  to: string;
  cases: { about: string; seed: string; grant: { day: string; file_key: string }; envelope: string }[];
}

const grants = vectors<Grants>("grant.json");
const isMine = ({ text }: PublicKey) => text === grants.to;

test.each(grants.cases)("a grant: $about", ({ seed, grant, envelope }) => {
  const key = SigningKey.derive(hex(seed), "coordinator/sign");
  expect(JSON.stringify(Envelope.sign("grant", utf8(JSON.stringify(grant)), key))).toBe(envelope);
  const read = readLogObject(utf8(envelope));
  expect(claimsToBeGrant(read)).toBe(true);
  const { author, to, day, fileKey } = verifyGrant(read, grants, isMine);
  expect([author.text, to.text, day]).toEqual([key.publicKey.text, grants.to, grant.day]);
  expect(Buffer.from(fileKey.expose()).toString("base64url")).toBe(grant.file_key);
  expect(JSON.stringify(fileKey)).toBe("{}");
});

test.each(grants.refused)("a grant with $about is refused", ({ why, envelope }) => {
  expect(whyRefused(() => verifyGrant(readLogObject(utf8(envelope)), grants, isMine))).toBe(why);
});

test("an entry is no grant, and a grant no entry", () => {
  const written = readLogObject(utf8(cases[0]?.envelope ?? ""));
  expect(claimsToBeGrant(written)).toBe(false);
  expect(whyRefused(() => verifyGrant(written, place, () => true))).toBe("other-kind");
  const grant = readLogObject(utf8(grants.cases[0]?.envelope ?? ""));
  expect(whyRefused(() => verifyEntry(grant, grants))).toBe("other-kind");
});
