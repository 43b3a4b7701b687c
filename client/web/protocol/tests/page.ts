/** The people of a drop, and what a page does from their roster to sealed bytes. */

import { measure } from "../src/attachment.ts";
import { utf8, type Bytes } from "../src/bytes.ts";
import { Codename } from "../src/codename.ts";
import { today } from "../src/day.ts";
import { Envelope } from "../src/dsse.ts";
import { signFollowup } from "../src/followup.ts";
import type { DropId, ObjectId } from "../src/ids.ts";
import { AgeIdentity, SigningKey, type PublicKey } from "../src/keys.ts";
import { RootFingerprint } from "../src/link.ts";
import { SubmitterKeys } from "../src/mailbox.ts";
import type { Attachment } from "../src/report.generated.ts";
import { buildReport, randomNumber, type Draft } from "../src/report.ts";
import type { VerifiedRoster } from "../src/roster.ts";
import { Recipients, SealPlan, type Sealed } from "../src/seal.ts";
import { gather } from "../src/stream.ts";
import { Archive } from "../src/tar.ts";

const rootKey = SigningKey.derive(new Uint8Array(32).fill(1), "root/sign");

/** The text of the link to a drop of theirs after `#`. */
export const fingerprint = RootFingerprint.of(rootKey.publicKey);

export interface Person {
  readonly name: string;
  readonly identity: AgeIdentity;
  readonly signing: SigningKey;
}

export async function person(name: string, seed: Uint8Array): Promise<Person> {
  const identity = await AgeIdentity.derive(seed, "coordinator/age");
  return { name, identity, signing: SigningKey.derive(seed, "coordinator/sign") };
}

/** A roster of these people that begins today. */
export function rosterOf(drop: DropId, dropKey: PublicKey, people: readonly Person[]): Envelope {
  const from = today();
  const payload = {
    format: "kua-roster/1",
    drop,
    name: { en: "Steppe Watch" },
    serial: 1,
    issued: from,
    expires: from,
    drop_key: [{ key: dropKey.text, from }],
    coordinators: people.map(({ name, identity, signing }) => ({
      name,
      role: "",
      keys: [{ sign: signing.publicKey.text, recipient: identity.recipient, from }],
    })),
  };
  return Envelope.sign("roster", utf8(JSON.stringify(payload)), rootKey);
}

/** The files of every report here: a name of ASCII, one that is not, an empty one, and one of several chunks. */
export const contents = [
  ["photo.jpg", utf8("not really a photo")],
  ["протокол допроса.pdf", crypto.getRandomValues(new Uint8Array(50_000))],
  ["empty.txt", new Uint8Array()],
  ["ә".repeat(90) + ".bin", new Uint8Array(300_000).map((_, at) => at % 251)],
] as const;

export const draft: Draft = {
  title: "Ұсталды: бес адам",
  description: "They were taken at dawn.\nНикто не знает куда. 😀",
  language: "kk",
  occurred: { from: "2010-10-11", precision: "day", part_of_day: "morning" },
  place: { name: "Шахтинск", country: "KZ", lat: 49.71, lon: 72.587 },
  acts: ["liberty", "accused"],
  victims: [{ kind: "group", count: 5 }],
  perpetrators: [{ type: "governmental", description: "two vans" }],
  sources: [{ connection: "a neighbour", reliability: "likely-reliable" }],
  interventions: [{ by: "a lawyer", result: null }],
  severity: "urgent",
};

/** Bytes as a file gives them. */
export async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
}

/** Does what a page does with a verified roster: derive the keys, measure, archive, seal. */
export async function sealAsAPage(
  roster: VerifiedRoster,
  chosen: (name: string) => boolean,
  first?: ObjectId,
): Promise<{ bytes: Bytes; end: Sealed; report: Uint8Array; keys: SubmitterKeys }> {
  const { drop } = roster.roster;
  const keys = await SubmitterKeys.derive(Codename.generate(), drop);
  const sealing = roster.sealingKeys(today());
  const attachments: Attachment[] = [];
  for (const [originalName, bytes] of contents) {
    const taken = attachments.map(({ name }) => name);
    const file = { originalName, mediaType: "application/octet-stream", metadata: "not-checked" } as const;
    attachments.push(await measure(file, pieces(bytes), taken));
  }
  const number = randomNumber();
  const routing = {
    number,
    drop,
    to: sealing.filter(({ coordinator }) => chosen(coordinator.name)).map(({ keys }) => keys.sign.text),
    reply: { recipient: keys.identity.recipient, sign: keys.signing.publicKey.text },
    ...(first ? { thread: { first, proof: signFollowup({ drop, first, number }, keys.signing).toJSON() } } : {}),
  };
  const report = buildReport(draft, routing, attachments);
  const archive = new Archive(report, attachments);
  const candidates = sealing.map(({ coordinator, keys }) => ({
    recipient: keys.recipient,
    chosen: chosen(coordinator.name),
  }));
  const plan = new SealPlan(await Recipients.of(candidates), archive.length, "report");
  const open = (at: number) => pieces(contents[at]?.[1] ?? new Uint8Array());
  return { ...(await gather(plan.seal(archive.chunks(open)))), report, keys };
}

/** The first lines of the stanzas of a sealed object. */
export function stanzasOf(bytes: Uint8Array): string[] {
  const header = new TextDecoder("latin1").decode(bytes).split("\n--- ")[0] ?? "";
  return header.split("\n").filter((line) => line.startsWith("-> "));
}
