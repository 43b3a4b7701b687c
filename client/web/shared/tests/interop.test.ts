/**
 * What this library seals, the real `kua` opens, and the reverse.
 *
 * Needs a built `kua`, named by `KUA_BIN`; without it the tests are left out, unless `KUA_REQUIRE_INTEROP=1`.
 */

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { measure } from "../src/attachment.ts";
import { toHex, utf8 } from "../src/bytes.ts";
import { Codename } from "../src/codename.ts";
import { today } from "../src/day.ts";
import { Envelope } from "../src/dsse.ts";
import { signFollowup } from "../src/followup.ts";
import { objectIdOf, type DropId, type ObjectId } from "../src/ids.ts";
import { AgeIdentity, SigningKey } from "../src/keys.ts";
import { RootFingerprint } from "../src/link.ts";
import { SubmitterKeys } from "../src/mailbox.ts";
import { openSealed } from "../src/open.ts";
import type { Attachment, KuaReport1 } from "../src/report.generated.ts";
import { buildReport, randomNumber, type Draft } from "../src/report.ts";
import { VerifiedRoster } from "../src/roster.ts";
import { Recipients, SealPlan, type Sealed } from "../src/seal.ts";
import { gather } from "../src/stream.ts";
import { Archive } from "../src/tar.ts";
import { makeNonce } from "./dropSide.ts";
import { openVault } from "./vault.ts";
import { laterRefusal, repository, vectorBytes, vectors } from "./vectors.ts";

const kua = process.env["KUA_BIN"];
const isRequired = process.env["KUA_REQUIRE_INTEROP"] === "1";
if (!kua) console.warn("KUA_BIN names no kua: what one implementation seals is not opened with the other");

const run = promisify(execFile);
const drop = "5f".repeat(16) as DropId;
const rootKey = SigningKey.derive(new Uint8Array(32).fill(1), "root/sign");

interface Person {
  readonly name: string;
  readonly identity: AgeIdentity;
  readonly signing: SigningKey;
}

async function person(name: string, seed: Uint8Array): Promise<Person> {
  const identity = await AgeIdentity.derive(seed, "coordinator/age");
  return { name, identity, signing: SigningKey.derive(seed, "coordinator/sign") };
}

/** A roster of these people that begins today. */
function rosterOf(people: readonly Person[]): Envelope {
  const from = today();
  const payload = {
    format: "kua-roster/1",
    drop,
    name: { en: "Steppe Watch" },
    serial: 1,
    issued: from,
    expires: from,
    drop_key: [{ key: SigningKey.derive(new Uint8Array(32).fill(2), "drop/receipt").publicKey.text, from }],
    coordinators: people.map(({ name, identity, signing }) => ({
      name,
      role: "",
      keys: [{ sign: signing.publicKey.text, recipient: identity.recipient, from }],
    })),
  };
  return Envelope.sign("roster", utf8(JSON.stringify(payload)), rootKey);
}

/** The files of every report here: a name of ASCII, one that is not, an empty one, and one of several chunks. */
const contents = [
  ["photo.jpg", utf8("not really a photo")],
  ["протокол допроса.pdf", crypto.getRandomValues(new Uint8Array(50_000))],
  ["empty.txt", new Uint8Array()],
  ["ә".repeat(90) + ".bin", new Uint8Array(300_000).map((_, at) => at % 251)],
] as const;

const draft: Draft = {
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

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
}

/** Does what a page does: verify the roster, derive the keys, measure, archive, seal. */
async function sealAsAPage(
  envelope: Envelope,
  chosen: (name: string) => boolean,
  first?: ObjectId,
): Promise<{ bytes: Uint8Array; end: Sealed; report: Uint8Array; keys: SubmitterKeys }> {
  const roster = VerifiedRoster.verify(envelope, RootFingerprint.of(rootKey.publicKey));
  roster.checkDate(today());
  const keys = await SubmitterKeys.derive(Codename.generate(), roster.roster.drop);
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

test("a kua is there where it has to be", () => {
  expect(isRequired && !kua, "KUA_BIN has to name a kua, since KUA_REQUIRE_INTEROP=1").toBe(false);
});

describe.skipIf(!kua)("with the real kua", () => {
  let folder: string;
  let aigerim: Person;
  let marat: Person;
  const vault = repository("tests/vectors/vault/coordinator.kua");

  const execute = (...args: string[]) => run(kua ?? "", args, { cwd: folder });
  const openWithKua = async (file: string, ...more: string[]) => {
    const key = ["--key", vault, "--passphrase-file", "passphrase"];
    const { stdout } = await execute("open", "--sealed", file, ...key, ...more);
    return stdout;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kua-web-"));
    const known = vectors<{ file: string; passphrase: string }[]>("vault/vault.json");
    const passphrase = known.find(({ file }) => file === "coordinator.kua")?.passphrase ?? "";
    await writeFile(join(folder, "passphrase"), passphrase, { mode: 0o600 });
    aigerim = await person("Айгерим", (await openVault(vectorBytes("vault/coordinator.kua"), passphrase)).seed);
    marat = await person("Marat", new Uint8Array(32).fill(3));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test("what is sealed here opens there, attachments included", async () => {
    const first = objectIdOf(utf8("the first report"));
    const { bytes, end, report } = await sealAsAPage(rosterOf([marat, aigerim]), () => true, first);
    await writeFile(join(folder, "page.age"), bytes);
    await openWithKua("page.age", "--out", "from-page");
    expect(toHex(await readFile(join(folder, "from-page/report.json")))).toBe(toHex(report));
    const names = (await readdir(join(folder, "from-page/attachments"))).sort();
    expect(names).toEqual(contents.map(([name]) => name).sort());
    for (const [name, content] of contents) {
      const opened = await readFile(join(folder, "from-page/attachments", name));
      expect(toHex(opened) === toHex(content), name).toBe(true);
    }
    const shown = JSON.parse(await openWithKua("page.age", "--json")) as KuaReport1 & { custody: unknown };
    expect(shown).toMatchObject({ ...draft, interventions: [{ by: "a lawyer" }], thread: { first } });
    expect(shown.custody).toMatchObject({ report_id: end.id });
  });

  test("who was not chosen cannot open, there as here", async () => {
    const { bytes } = await sealAsAPage(rosterOf([aigerim, marat]), (name) => name === "Marat");
    await writeFile(join(folder, "not-for-her.age"), bytes);
    await expect(openWithKua("not-for-her.age", "--json")).rejects.toThrow();
    expect((await laterRefusal(openSealed(bytes, aigerim.identity))).why).toBe("not-opened");
    expect((await openSealed(bytes, marat.identity)).length).toBeGreaterThan(0);
  });

  describe("with a drop that only shows its roster", () => {
    let server: Server;
    let link: string;

    beforeAll(async () => {
      const limits = { text: 65_536, whole_report: 2 ** 20, report: 2 ** 31, mailbox_objects: 500, open_uploads: 4 };
      const roster = rosterOf([aigerim, marat]);
      const info = JSON.stringify({ format: "kua-drop/1", drop, roster, successions: [], limits });
      const nonce = makeNonce(new Uint8Array(32), drop, 4_000_000_000n, new Uint8Array(16));
      server = createServer((_, response) => {
        response.writeHead(200, { "content-type": "application/json", "kua-nonce": nonce }).end(info);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      link = `http://127.0.0.1:${port}/#${RootFingerprint.of(rootKey.publicKey)}`;
    });

    afterAll(() => {
      server.close();
    });

    test("what is sealed there opens here and with stock tar, in the same size", async () => {
      await writeFile(join(folder, "draft.json"), JSON.stringify(draft));
      const attach = [];
      for (const [name, content] of contents) {
        await writeFile(join(folder, name), content);
        attach.push("--attach", name);
      }
      const out = ["--out", "kua.age", "--keep-metadata", "--json"];
      const { stdout } = await execute("seal", link, "--report", "draft.json", ...attach, ...out);
      const said = JSON.parse(stdout) as { report_id: string; codename: string; mailbox: string; size: number };
      const bytes = new Uint8Array(await readFile(join(folder, "kua.age")));
      expect(objectIdOf(bytes)).toBe(said.report_id);

      // The codename that the other implementation made gives the same mailbox here.
      const keys = await SubmitterKeys.derive(Codename.parse(said.codename), drop);
      expect(keys.mailbox).toBe(said.mailbox);

      const archive = await openSealed(bytes, aigerim.identity);
      await writeFile(join(folder, "kua.tar"), archive);
      await mkdir(join(folder, "from-kua"));
      await run("tar", ["-xf", "../kua.tar"], { cwd: join(folder, "from-kua") });
      const report = JSON.parse(await readFile(join(folder, "from-kua/report.json"), "utf8")) as KuaReport1;
      expect(report).toMatchObject({ ...draft, interventions: [{ by: "a lawyer" }] });
      expect(report.reply).toEqual({ recipient: keys.identity.recipient, sign: keys.signing.publicKey.text });

      // This library's archive of the same report is the same bytes, and its sealed size is the same.
      const attachments = report.attachments ?? [];
      const json = new Uint8Array(await readFile(join(folder, "from-kua/report.json")));
      const ours = new Archive(json, attachments);
      const { bytes: again } = await gather(ours.chunks((at) => pieces(contents[at]?.[1] ?? new Uint8Array())));
      expect(toHex(again) === toHex(archive.subarray(0, again.length))).toBe(true);
      expect(archive.subarray(again.length).every((byte) => byte === 0)).toBe(true);
      const { format, number, drop: _, to, reply, thread, attachments: __, ...event } = report;
      expect(format).toBe("kua-report/1");
      const routing = { number, drop, to, reply, ...(thread ? { thread } : {}) };
      expect(toHex(buildReport(event, routing, attachments))).toBe(toHex(json));
      const everyone = [aigerim, marat].map(({ identity }) => ({ recipient: identity.recipient, chosen: true }));
      expect(new SealPlan(await Recipients.of(everyone), ours.length, "report").sealedLength).toBe(bytes.length);
    });
  });
});
