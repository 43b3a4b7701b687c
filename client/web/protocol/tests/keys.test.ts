import { inspect } from "node:util";

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { expect, test } from "vitest";

import { concat, fromBase64url, toHex, utf8 } from "../src/bytes.ts";
import { AgeIdentity, PublicKey, SigningKey, deriveKey, type Purpose } from "../src/keys.ts";
import { SubmitterKeys, mailboxOf } from "../src/mailbox.ts";
import { hex, vectors } from "./vectors.ts";

test("a seed gives the key of each purpose", () => {
  const { cases } = vectors<{ cases: { seed: string; info: string; key: string }[] }>("hkdf.json");
  expect(cases.length).toBeGreaterThan(0);
  for (const { seed, info, key } of cases) {
    expect(toHex(deriveKey(hex(seed), info.replace(/^kua\/v1\//, "") as Purpose)), info).toBe(key);
  }
});

interface Mailboxes {
  cases: { root: string; key: string; text: string; mailbox: string }[];
  not_a_key: { about: string; key: string }[];
}

test("a submitter's root gives her key and her mailbox", async () => {
  for (const { root, key, text, mailbox } of vectors<Mailboxes>("mailbox-id.json").cases) {
    const keys = await SubmitterKeys.fromRoot(hex(root));
    expect(toHex(keys.signing.publicKey.bytes)).toBe(key);
    expect(keys.signing.publicKey.text).toBe(text);
    expect(keys.mailbox).toBe(mailbox);
    expect(PublicKey.parse(text) && mailboxOf(PublicKey.parse(text) as PublicKey)).toBe(mailbox);
  }
});

test("what is no usable key is none", () => {
  for (const { about, key } of vectors<Mailboxes>("mailbox-id.json").not_a_key) {
    expect(PublicKey.fromBytes(hex(key)), about).toBeUndefined();
  }
  expect(PublicKey.parse("AAAA")).toBeUndefined();
});

const key = SigningKey.derive(new Uint8Array(32).fill(3), "submitter/sign");

test("signatures verify under their key and message alone", () => {
  const signature = key.sign(utf8("message"));
  expect(key.publicKey.verifies(utf8("message"), signature)).toBe(true);
  expect(key.publicKey.verifies(utf8("massage"), signature)).toBe(false);
  const bent = signature.slice();
  bent[40] = (bent[40] ?? 0) ^ 1;
  expect(key.publicKey.verifies(utf8("message"), bent)).toBe(false);
  expect(key.publicKey.verifies(utf8("message"), signature.subarray(1))).toBe(false);
});

test("a signature that holds only with the cofactor is refused", () => {
  // R is moved by a point of order eight: eight times the equation holds, the equation does not.
  const { Point } = ed25519;
  const torsion = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
  const secret = new Uint8Array(32).fill(7);
  const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(secret);
  const nonce = 12345n;
  const r = Point.BASE.multiply(nonce).add(torsion).toBytes();
  const k = ed25519.Point.Fn.create(littleEndian(sha512(concat(r, pointBytes, utf8("message")))));
  const s = Point.Fn.create(nonce + k * scalar);
  const signature = concat(r, Point.Fn.toBytes(s));
  expect(ed25519.verify(signature, utf8("message"), pointBytes, { zip215: false }), "the library alone").toBe(true);
  expect(PublicKey.fromBytes(pointBytes)?.verifies(utf8("message"), signature)).toBe(false);
});

test("secrets do not show", async () => {
  const identity = await AgeIdentity.derive(new Uint8Array(32), "coordinator/age");
  for (const secret of [key, identity]) {
    expect(inspect(secret) + JSON.stringify(secret)).not.toMatch(/SECRET|secret|Uint8Array\(32\) \[\s*1,/);
    expect(Object.keys(secret)).toHaveLength(1);
  }
  expect(identity.expose()).toMatch(/^AGE-SECRET-KEY-PQ-1/);
  expect(fromBase64url("A=")).toBeUndefined();
});

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}
