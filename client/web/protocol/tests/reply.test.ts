import { expect, test } from "vitest";

import { utf8 } from "../src/bytes.ts";
import { Envelope } from "../src/dsse.ts";
import type { MailboxId } from "../src/ids.ts";
import { AgeIdentity, SigningKey } from "../src/keys.ts";
import { RootFingerprint } from "../src/link.ts";
import { openReply, verifyReply } from "../src/reply.ts";
import { VerifiedRoster } from "../src/roster.ts";
import { Recipients, SealPlan } from "../src/seal.ts";
import { gather } from "../src/stream.ts";
import { gapsAndDoubles } from "../src/thread.ts";
import { pieces } from "./page.ts";
import { hex, laterRefusal, vectors, whyRefused } from "./vectors.ts";

interface Vectors {
  root: string;
  roster: string;
  mailbox: MailboxId;
  cases: { about: string; seed: string; reply: { drop: string; mailbox: string }; name: string; envelope: string }[];
  refused: { about: string; why: string; envelope: string }[];
}

const { root, roster, mailbox, cases, refused } = vectors<Vectors>("reply.json");
const envelopeOf = (text: string) => Envelope.parse(utf8(text));
const place = { roster: VerifiedRoster.verify(envelopeOf(roster), RootFingerprint.parse(root)), mailbox };

test.each(cases)("$about", ({ seed, reply, name, envelope }) => {
  const { drop: _, mailbox: __, ...stated } = reply;
  expect(verifyReply(envelopeOf(envelope), place)).toEqual({ ...stated, author: name });
  const key = SigningKey.derive(hex(seed), "coordinator/sign");
  const signed = Envelope.sign("reply", envelopeOf(envelope).payload, key);
  expect(JSON.stringify(signed)).toBe(envelope);
});

test.each(refused)("$about is refused", ({ why, envelope }) => {
  expect(whyRefused(() => verifyReply(envelopeOf(envelope), place))).toBe(why);
});

/** One entry of an archive, as a program of our own writes it. */
function entry(name: string, content: Uint8Array, type = "0"): Uint8Array {
  const block = new Uint8Array(512 + Math.ceil(content.length / 512) * 512);
  block.set(utf8(name), 0);
  block.set(utf8(`${content.length.toString(8).padStart(11, "0")}\0`), 124);
  block.fill(32, 148, 156);
  block.set(utf8(type), 156);
  const sum = block.reduce((sum, byte) => sum + byte, 0);
  block.set(utf8(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  block.set(content, 512);
  return block;
}

async function sealed(identity: AgeIdentity, ...parts: Uint8Array[]): Promise<Uint8Array> {
  const archive = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 1024));
  let at = 0;
  for (const part of parts) {
    archive.set(part, at);
    at += part.length;
  }
  const recipients = await Recipients.of([{ recipient: identity.recipient, chosen: true }]);
  return (await gather(new SealPlan(recipients, archive.length, "reply").seal(pieces(archive)))).bytes;
}

test("a letter is its statement and the file that this names, and nothing else", async () => {
  const identity = await AgeIdentity.derive(new Uint8Array(32).fill(4), "submitter/age");
  const of = (about: string) => utf8(cases.find((known) => known.about === about)?.envelope ?? "");
  const question = entry("reply.json", of("a question"));
  const open = async (...parts: Uint8Array[]) => openReply(await sealed(identity, ...parts), identity, place);
  expect(await open(question)).toMatchObject({ number: 1, text: "Was anybody else there?" });

  const why = async (...parts: Uint8Array[]) => (await laterRefusal(open(...parts))).why;
  expect(await why(question, entry("attachment", utf8("not stated")))).toBe("malformed-reply");
  expect(await why(entry("reply.json", of("with a file"))), "the file is missing").toBe("malformed-reply");
  expect(await why(entry("reply.json", of("with a file")), entry("attachment", new Uint8Array(20)))).toBe("malformed-reply");
  expect(await why()).toBe("not-opened");
  expect(await why(entry("other.json", of("a question")))).toBe("not-opened");
  expect(await why(entry("reply.json", of("a question"), "2")), "a link").toBe("not-opened");
  expect(await why(question, entry("attachment", utf8("a")), entry("attachment", utf8("b")))).toBe("not-opened");
  expect(await why(question.fill(0x39, 124, 126))).toBe("not-opened");
});

test("gaps and doubles are told, and not without end", () => {
  expect(gapsAndDoubles([1, 2, 3])).toEqual({ gaps: [], doubles: [] });
  expect(gapsAndDoubles([2, 2, 5])).toEqual({ gaps: [1, 3, 4], doubles: [2] });
  expect(gapsAndDoubles([Number.MAX_SAFE_INTEGER]).gaps).toHaveLength(100);
});
