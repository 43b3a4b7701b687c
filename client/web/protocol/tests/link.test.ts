import { expect, test } from "vitest";

import { PublicKey, SigningKey } from "../src/keys.ts";
import { DropLink, RootFingerprint, damm } from "../src/link.ts";
import { hex, vectors, whyRefused } from "./vectors.ts";

interface Links {
  cases: { seed: string; key: string; fingerprint: string; text: string; digits: string }[];
  links: { link: string; origin: string }[];
  refused: { about: string; link: string }[];
}

const { cases, links, refused } = vectors<Links>("link.json");

test("a root's key gives fingerprint, text and digits", () => {
  for (const { seed, key, fingerprint, text, digits } of cases) {
    const root = SigningKey.derive(hex(seed), "root/sign").publicKey;
    expect(root.bytes).toEqual(hex(key));
    const print = RootFingerprint.of(root);
    expect(print.bytes).toEqual(hex(fingerprint));
    expect(`${print}`).toBe(text);
    expect(print.digits()).toBe(digits);
    expect(RootFingerprint.parse(text).isOf(root)).toBe(true);
    expect(RootFingerprint.parse(text).isOf(PublicKey.fromBytes(hex("58" + "66".repeat(31))) as PublicKey)).toBe(false);
  }
  expect(damm("572"), "Damm's own example").toBe("4");
});

test("links are read and written", () => {
  for (const { link, origin } of links) {
    expect(DropLink.parse(`\n ${link} `).origin).toBe(origin);
    expect(`${DropLink.parse(link)}`).toBe(link);
  }
});

test.each(refused)("$about is refused", ({ link }) => {
  whyRefused(() => DropLink.parse(link));
});

test("what is wrong with a link is said", () => {
  const fragment = cases[0]?.text ?? "";
  const why = (address: string) => whyRefused(() => DropLink.parse(`${address}#${fragment}`));
  expect(why("http://onion.example/")).toBe("insecure");
  expect(why("javascript:alert(1)")).toBe("insecure");
  for (const more of ["https://drop.example/path", "https://user@drop.example/", "https://drop.example/?"]) {
    expect(why(more)).toBe("extra-parts");
  }
  expect(why("drop.example")).toBe("no-address");
  expect(whyRefused(() => DropLink.parse("https://drop.example/"))).toBe("no-fingerprint");
  const whyFragment = (text: string) => whyRefused(() => RootFingerprint.parse(text));
  expect(whyFragment("kua1qtfpw6dv76ps3s8d4t8dgvc6vjx75d3lyvll3ky5")).toBe("newer");
  expect(whyFragment(fragment.slice(0, -1))).toBe("mistyped");
});

test("every single wrong character of a link is found", () => {
  const text = cases[1]?.text ?? "";
  for (let at = 0; at < text.length; at += 1) {
    for (const other of "qpzry9x8gf2tvdw0s3jn54khce6mua7l1b") {
      const bent = text.slice(0, at) + other + text.slice(at + 1);
      if (bent !== text) expect(() => RootFingerprint.parse(bent), bent).toThrow();
    }
  }
});
