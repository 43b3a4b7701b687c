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

import { toHex, utf8 } from "../src/bytes.ts";
import { Codename } from "../src/codename.ts";
import { objectIdOf, type DropId } from "../src/ids.ts";
import { SigningKey } from "../src/keys.ts";
import { SubmitterKeys } from "../src/mailbox.ts";
import { openSealed } from "../src/open.ts";
import type { KuaReport1 } from "../src/report.generated.ts";
import { buildReport } from "../src/report.ts";
import { VerifiedRoster } from "../src/roster.ts";
import { clean } from "../src/metadata/clean.ts";
import { Recipients, SealPlan } from "../src/seal.ts";
import { gather } from "../src/stream.ts";
import { Archive } from "../src/tar.ts";
import { IMAGES } from "./images.ts";
import { kua } from "./binaries.ts";
import { makeNonce } from "./dropSide.ts";
import { contents, draft, fingerprint, person, pieces, rosterOf, sealAsAPage, stanzasOf, type Person } from "./page.ts";
import { openVault } from "./vault.ts";
import { laterRefusal, repository, vectorBytes, vectors, whyRefused } from "./vectors.ts";

const run = promisify(execFile);
const drop = "5f".repeat(16) as DropId;
const dropKey = SigningKey.derive(new Uint8Array(32).fill(2), "drop/receipt").publicKey;

function verified(people: readonly Person[]): VerifiedRoster {
  return VerifiedRoster.verify(rosterOf(drop, dropKey, people), fingerprint);
}

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
    const { bytes, end, report } = await sealAsAPage(verified([marat, aigerim]), () => true, first);
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
    const { bytes } = await sealAsAPage(verified([aigerim, marat]), (name) => name === "Marat");
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
      const roster = rosterOf(drop, dropKey, [aigerim, marat]);
      const info = JSON.stringify({ format: "kua-drop/1", drop, roster, successions: [], limits });
      const nonce = makeNonce(new Uint8Array(32), drop, 4_000_000_000n, new Uint8Array(16));
      server = createServer((_, response) => {
        response.writeHead(200, { "content-type": "application/json", "kua-nonce": nonce }).end(info);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      link = `http://127.0.0.1:${port}/#${fingerprint}`;
    });

    afterAll(() => {
      server.close();
    });

    test("hidden data is taken out of images alike, or they are refused alike", async () => {
      await writeFile(join(folder, "draft.json"), JSON.stringify(draft));
      const left = new Map<string, Uint8Array>();
      for (const [about, file] of Object.entries(IMAGES)) {
        await writeFile(join(folder, "image"), file);
        const out = ["--out", "image.age", "--strip-metadata", "--json"];
        try {
          await execute("seal", link, "--report", "draft.json", "--attach", "image", ...out);
        } catch {
          continue;
        }
        await openWithKua("image.age", "--out", "image-opened");
        left.set(about, new Uint8Array(await readFile(join(folder, "image-opened/attachments/image"))));
        await rm(join(folder, "image.age"));
        await rm(join(folder, "image-opened"), { recursive: true });
      }
      for (const [about, file] of Object.entries(IMAGES)) {
        const theirs = left.get(about);
        if (theirs) expect(toHex(clean(file).bytes), about).toBe(toHex(theirs));
        else expect(whyRefused(() => clean(file)), about).toBe("not-understood");
      }
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

      // Its header has the shape of ours: two coordinators, and grease behind them.
      const tags = stanzasOf(bytes).map((line) => line.split(" ")[1]);
      expect(tags.map((tag) => tag?.replace(/^.*-grease$/, "grease"))).toEqual([
        "mlkem768x25519",
        "mlkem768x25519",
        "grease",
      ]);

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
