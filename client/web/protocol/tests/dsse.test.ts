import { expect, test } from "vitest";

import { toHex, utf8 } from "../src/bytes.ts";
import { Envelope, payloadType, preAuthenticationEncoding, type EnvelopeForm } from "../src/dsse.ts";
import { signFollowup, type Followup } from "../src/followup.ts";
import { digestOf } from "../src/ids.ts";
import { PublicKey, SigningKey } from "../src/keys.ts";
import { hex, vectors, whyRefused } from "./vectors.ts";

interface Statements {
  payload_type: string;
  cases: { seed: string; key: string; payload: string; encoding: string; envelope: string | EnvelopeForm }[];
  taken: { about: string; envelope: string }[];
  refused: { about: string; why: string; envelope: string }[];
}

const { payload_type, cases, taken, refused } = vectors<Statements>("dsse.json");
const trusted = cases[0]?.key;
const parse = (envelope: string | EnvelopeForm) =>
  Envelope.parse(utf8(typeof envelope === "string" ? envelope : JSON.stringify(envelope)));

test("the encoding is the specification's own example", () => {
  const encoding = preAuthenticationEncoding("http://example.com/HelloWorld", utf8("hello world"));
  expect(new TextDecoder().decode(encoding)).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
});

test("signing gives the envelope byte for byte, and it verifies", () => {
  expect(payloadType("followup")).toBe(payload_type);
  for (const { seed, key, payload, encoding, envelope } of cases) {
    expect(toHex(preAuthenticationEncoding(payload_type, utf8(payload)))).toBe(encoding);
    const signer = SigningKey.derive(hex(seed), "submitter/sign");
    const signed = Envelope.sign("followup", utf8(payload), signer);
    expect(signed.toJSON()).toEqual(parse(envelope).toJSON());
    if (typeof envelope === "string") expect(JSON.stringify(signed)).toBe(envelope);
    const verified = parse(envelope).verify("followup", (by) => by.text === key);
    expect(verified.content).toEqual(JSON.parse(payload));
    expect(verified.digest).toBe(digestOf(utf8(payload)));
    // The statement's own writer makes the same bytes.
    expect(JSON.stringify(signFollowup(JSON.parse(payload) as Followup, signer))).toBe(JSON.stringify(signed));
  }
});

test.each(taken)("taken: $about", ({ envelope }) => {
  expect(parse(envelope).verify("followup", (by) => by.text === trusted).signer.text).toBe(trusted);
});

test.each(refused)("refused: $about", ({ envelope, why }) => {
  expect(whyRefused(() => parse(envelope).verify("followup", (by) => by.text === trusted))).toBe(why);
});

test("a signer who is not trusted is refused", () => {
  const envelope = parse(cases[0]?.envelope ?? "");
  expect(whyRefused(() => envelope.verify("followup", () => false))).toBe("bad-signature");
  expect(PublicKey.parse(trusted ?? "")?.text).toBe(trusted);
});
