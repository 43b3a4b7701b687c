import { expect, test } from "vitest";

import { utf8 } from "../src/bytes.ts";
import type { Day } from "../src/day.ts";
import { Envelope } from "../src/dsse.ts";
import { digestOf } from "../src/ids.ts";
import { PublicKey, SigningKey } from "../src/keys.ts";
import { RootFingerprint } from "../src/link.ts";
import { receiptFromHeader, verifyReceipt, type Receipt } from "../src/receipt.ts";
import { VerifiedRoster } from "../src/roster.ts";
import { hex, vectors, whyRefused } from "./vectors.ts";

interface Rosters {
  root: { seed: string; key: string; text: string };
  case: {
    payload: string;
    digest: string;
    envelope: string;
    drop: string;
    serial: number;
    days: { day: Day; date: "holds" | "not-yet" | "expired"; sealed_to: string[] }[];
    signers: { key: string; name: string | null }[];
  };
  taken: { about: string; envelope: string }[];
  refused: { about: string; why: string; envelope: string }[];
}

interface Receipts {
  cases: { about: string; seed: string; receipt: Receipt; envelope: string; header: string }[];
  refused: { about: string; why: string; envelope: string }[];
}

const { root, case: good, taken, refused } = vectors<Rosters>("roster.json");
const receipts = vectors<Receipts>("receipt.json");
const fingerprint = RootFingerprint.parse(root.text);
const parse = (text: string) => Envelope.parse(utf8(text));
const verify = (text: string) => VerifiedRoster.verify(parse(text), fingerprint);

test("a roster verifies under its link, and signing gives it byte for byte", () => {
  const verified = verify(good.envelope);
  expect(verified.digest).toBe(good.digest);
  expect(verified.root.text).toBe(root.key);
  expect(verified.roster.drop).toBe(good.drop);
  expect(verified.roster.serial).toBe(good.serial);
  const signed = Envelope.sign("roster", utf8(good.payload), SigningKey.derive(hex(root.seed), "root/sign"));
  expect(JSON.stringify(signed)).toBe(good.envelope);
});

test.each(good.days)("on $day", ({ day, date, sealed_to }) => {
  const verified = verify(good.envelope);
  if (date === "holds") verified.checkDate(day);
  else expect(whyRefused(() => verified.checkDate(day))).toBe(date);
  expect(verified.sealingKeys(day).map(({ keys }) => keys.sign.text)).toEqual(sealed_to);
});

test("signers are known by their keys, in force or not", () => {
  for (const { key, name } of good.signers) {
    expect(verify(good.envelope).coordinator(PublicKey.parse(key) as PublicKey)?.name ?? null).toBe(name);
  }
});

test.each(taken)("taken: $about", ({ envelope }) => {
  verify(envelope);
});

test.each(refused)("refused: $about", ({ envelope, why }) => {
  expect(whyRefused(() => verify(envelope))).toBe(why);
});

test("serials only go up and have one truth", () => {
  const verified = verify(good.envelope);
  verified.checkFollows(good.serial, verified.digest);
  verified.checkFollows(good.serial - 1, digestOf(utf8("another")));
  expect(whyRefused(() => verified.checkFollows(good.serial, digestOf(utf8("another"))))).toBe("two-truths");
  expect(whyRefused(() => verified.checkFollows(good.serial + 1, verified.digest))).toBe("lower-serial");
});

test.each(receipts.cases)("a receipt: $about", ({ seed, receipt, envelope, header }) => {
  expect(verifyReceipt(parse(envelope), verify(good.envelope))).toEqual(receipt);
  expect(verifyReceipt(receiptFromHeader(header), verify(good.envelope))).toEqual(receipt);
  const key = SigningKey.derive(hex(seed), "drop/receipt");
  expect(JSON.stringify(Envelope.sign("receipt", utf8(JSON.stringify(receipt)), key))).toBe(envelope);
});

test.each(receipts.refused)("no receipt: $about", ({ envelope, why }) => {
  expect(whyRefused(() => verifyReceipt(parse(envelope), verify(good.envelope)))).toBe(why);
});

test("a header field that is none is refused", () => {
  expect(whyRefused(() => receiptFromHeader("e30="))).toBe("malformed");
});
