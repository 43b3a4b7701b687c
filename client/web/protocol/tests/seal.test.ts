import { createHash } from "node:crypto";

import { bech32 } from "@scure/base";
import { Decrypter } from "age-encryption";
import { expect, test } from "vitest";

import { concat, toHex, utf8 } from "../src/bytes.ts";
import { AgeIdentity } from "../src/keys.ts";
import { openSealed } from "../src/open.ts";
import { Recipients, SealPlan, type Sealed } from "../src/seal.ts";
import { gather } from "../src/stream.ts";
import { stanzasOf } from "./page.ts";
import { openVault } from "./vault.ts";
import { hex, laterRefusal, vectorBytes, vectors } from "./vectors.ts";

const identity = (seed: number) => AgeIdentity.derive(new Uint8Array(32).fill(seed), "coordinator/age");
const [aigul, marat, dana] = await Promise.all([identity(1), identity(2), identity(3)]);
const all = await Recipients.of([aigul, marat].map(({ recipient }) => ({ recipient, chosen: true })));

async function* pieces(bytes: Uint8Array, length = 100_000): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function sealed(bytes: Uint8Array, recipients = all): Promise<{ bytes: Uint8Array; end: Sealed }> {
  return gather(new SealPlan(recipients, bytes.length, "report").seal(pieces(bytes)));
}

const lengths = [0, 1, 511, 12_000, 15_872, 15_873, 65_536, 300_000];

test.each(lengths)("%d bytes are sealed in the planned size", async (length) => {
  const plain = crypto.getRandomValues(new Uint8Array(Math.min(length, 65_536)));
  const archive = concat(plain, new Uint8Array(length - plain.length).fill(7));
  const plan = new SealPlan(all, length, "report");
  for (let again = 0; again < 3; again += 1) {
    const { bytes, end } = await gather(plan.seal(pieces(archive)));
    expect(bytes.length).toBe(plan.sealedLength);
    expect(end).toEqual({ id: createHash("sha256").update(bytes).digest("hex"), size: plan.sealedLength });
    for (const reader of [aigul, marat]) {
      const opened = await openSealed(bytes, reader);
      expect(toHex(opened.subarray(0, length)) === toHex(archive)).toBe(true);
      expect(opened.subarray(length).every((byte) => byte === 0)).toBe(true);
      expect(opened.length).toBeLessThanOrEqual(plan.paddedLength);
    }
  }
});

test("every coordinator of the roster has a stanza, and only the chosen one reads", async () => {
  const roster = [aigul, marat].map(({ recipient }, at) => ({ recipient, chosen: at === 1 }));
  const { bytes } = await sealed(utf8("for one"), await Recipients.of(roster));
  const lines = stanzasOf(bytes);
  expect(lines.map((line) => line.split(" ")[1]).slice(0, -1)).toEqual(["mlkem768x25519", "mlkem768x25519"]);
  expect(lines.at(-1)?.split(" ")[1]).toMatch(/^[!-~]{1,8}-grease$/);
  expect(new TextDecoder().decode((await openSealed(bytes, marat)).subarray(0, 7))).toBe("for one");
  for (const other of [aigul, dana]) {
    expect((await laterRefusal(openSealed(bytes, other))).why).toBe("not-opened");
  }
});

test("no two sealings of the same are the same, and all are of one size", async () => {
  const many = await Promise.all(Array.from({ length: 40 }, () => sealed(utf8("the same"))));
  expect(new Set(many.map(({ end }) => end.id)).size).toBe(40);
  expect(new Set(many.map(({ bytes }) => bytes.length)).size).toBe(1);
  // The stanzas of grease differ in length, which the zeros even out.
  expect(new Set(many.map(({ bytes }) => stanzasOf(bytes).at(-1)?.length)).size).toBeGreaterThan(3);
});

test("damage anywhere is noticed", async () => {
  const { bytes } = await sealed(utf8("text"));
  for (let at = 0; at < bytes.length; at += 997) {
    const bent = bytes.slice();
    bent[at] = (bent[at] ?? 0) ^ 1;
    // A bit in the other reader's stanza breaks the header's MAC as well.
    expect((await laterRefusal(openSealed(bent, aigul))).why, `byte ${at}`).toBe("not-opened");
  }
  expect((await laterRefusal(openSealed(bytes.subarray(0, -1), aigul))).why).toBe("not-opened");
});

test.each([
  ["shorter", 999],
  ["longer", 1001],
])("an archive that is %s than planned is not sealed", async (_, length) => {
  const sealing = gather(new SealPlan(all, 1000, "report").seal(pieces(new Uint8Array(length))));
  expect((await laterRefusal(sealing)).why).toBe("changed");
});

test("who cannot be sealed to is named", async () => {
  const of = (texts: string[], chosen = true) =>
    laterRefusal(Recipients.of(texts.map((recipient) => ({ recipient, chosen }))));
  expect((await of([])).why).toBe("nobody-chosen");
  expect((await of([aigul.recipient], false)).why).toBe("nobody-chosen");
  expect((await of(Array.from({ length: 17 }, () => aigul.recipient))).why).toBe("too-many-recipients");
  const classical = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
  const lowOrder = (key: Uint8Array) => key.fill(0, 1184);
  const notReduced = (key: Uint8Array) => key.set([0x01, 0x0d]);
  const short = aigul.recipient.slice(0, -1);
  for (const bad of ["", classical, short, spoilt(aigul.recipient, lowOrder), spoilt(aigul.recipient, notReduced)]) {
    const error = await laterRefusal(
      Recipients.of([
        { recipient: marat.recipient, chosen: true },
        { recipient: bad, chosen: false },
      ]),
    );
    expect(error).toMatchObject({ why: "recipient", details: { position: 2 } });
  }
});

test("sealing asks for no more than it gives, and stops asking when nobody takes", async () => {
  const piece = new Uint8Array(64 * 1024);
  const count = 256;
  let asked = 0;
  let ended = false;
  async function* archive(): AsyncGenerator<Uint8Array, void> {
    try {
      for (; asked < count; asked += 1) yield piece;
    } finally {
      ended = true;
    }
  }
  const sealing = new SealPlan(all, count * piece.length, "report").seal(archive());
  let taken = 0;
  for await (const chunk of sealing) {
    taken += chunk.length;
    expect(asked * piece.length - taken).toBeLessThan(16 * piece.length);
    if (taken > (count / 2) * piece.length) break;
  }
  expect(asked).toBeLessThan(count);
  await expect.poll(() => ended).toBe(true);
});

test("files of the Rust code's vectors open", async () => {
  const decrypter = new Decrypter();
  const lines = new TextDecoder().decode(vectorBytes("hybrid/identity.txt")).split("\n");
  for (const line of lines) if (line.startsWith("AGE-SECRET-KEY-PQ-1")) decrypter.addIdentity(line);
  const plain = toHex(vectorBytes("hybrid/plain.txt"));
  for (const file of ["hybrid/sealed.age", "hybrid/sealed-for-three.age"]) {
    expect(toHex(await decrypter.decrypt(vectorBytes(file))), file).toBe(plain);
  }
  const recipient = new TextDecoder().decode(vectorBytes("hybrid/recipient.txt")).trim();
  const { bytes } = await sealed(utf8("text"), await Recipients.of([{ recipient, chosen: true }]));
  expect(new TextDecoder().decode((await decrypter.decrypt(bytes)).subarray(0, 4))).toBe("text");
});

test("vaults of the past open", async () => {
  interface Vault {
    file: string;
    passphrase: string;
    kind: string;
    name: string;
    seed: string;
  }
  for (const { file, passphrase, kind, name, seed } of vectors<Vault[]>("vault/vault.json")) {
    const vault = await openVault(vectorBytes(`vault/${file}`), passphrase);
    expect(vault).toEqual({ kind, name, seed: hex(seed) });
  }
});

/** A recipient whose checksum holds and whose key was changed. */
function spoilt(recipient: string, change: (key: Uint8Array) => void): string {
  const key = bech32.fromWords(bech32.decode(recipient as `age1pq1${string}`, false).words);
  change(key);
  return bech32.encode("age1pq", bech32.toWords(key), false);
}
