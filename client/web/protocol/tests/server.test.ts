/**
 * What this library sends, the real `kua-server` takes, and its answers hold here.
 *
 * Needs a built `kua-server` beside the `kua` that `KUA_BIN` names; without it the test is left out, unless
 * `KUA_REQUIRE_INTEROP=1`.
 */

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Bytes } from "../src/bytes.ts";
import { contentDigest } from "../src/contentDigest.ts";
import { today } from "../src/day.ts";
import { readDrop } from "../src/drop.ts";
import type { DropId } from "../src/ids.ts";
import { PublicKey, type SigningKey } from "../src/keys.ts";
import { DropLink } from "../src/link.ts";
import { receiptFromHeader, verifyReceipt } from "../src/receipt.ts";
import { signRequest } from "../src/signature.ts";
import { kua } from "./binaries.ts";
import { fingerprint, person, rosterOf, sealAsAPage } from "./page.ts";

const server = kua && join(dirname(kua), "kua-server");

describe.skipIf(!server)("with the real kua-server", () => {
  let folder: string;
  let serving: ChildProcess;
  let link: DropLink;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kua-web-"));
    const data = join(folder, "drop");
    const quietly = { stdio: "pipe" } as const;
    execFileSync(server ?? "", ["init", "--data", data], quietly);
    const card = JSON.parse(await readFile(join(data, "drop-card.json"), "utf8")) as { drop: DropId; drop_key: string };
    const people = await Promise.all([1, 2].map((seed) => person(`person ${seed}`, new Uint8Array(32).fill(seed))));
    const roster = rosterOf(card.drop, PublicKey.parse(card.drop_key) as PublicKey, people);
    await writeFile(join(folder, "roster.json"), JSON.stringify(roster));
    execFileSync(server ?? "", ["roster", "install", "--data", data, join(folder, "roster.json")], quietly);
    serving = spawn(server ?? "", ["serve", "--data", data, "--listen", "127.0.0.1:0"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const lines = createInterface({ input: serving.stdout as NonNullable<typeof serving.stdout> });
    const [line] = (await once(lines, "line")) as [string];
    link = DropLink.parse(`${line.replace("listening on ", "")}/#${fingerprint}`);
  });

  afterAll(async () => {
    serving.kill("SIGTERM");
    await once(serving, "exit");
    await rm(folder, { recursive: true });
  });

  function send(method: string, path: string, key: SigningKey, drop: DropId, nonce: string, body?: Bytes) {
    const digest = body ? { contentDigest: contentDigest(body) } : {};
    const headers = {
      ...signRequest({ method, path, ...digest }, key, drop, nonce),
      ...(body ? { "content-digest": contentDigest(body), "content-type": "application/octet-stream" } : {}),
    };
    return fetch(`${link.origin}${path.slice(1)}`, { method, headers, ...(body ? { body } : {}) });
  }

  test("a report is sent, its receipt holds, and its mailbox shows it", async () => {
    const shown = await fetch(`${link.origin}v1/drop`);
    const nonce = shown.headers.get("kua-nonce") ?? "";
    const { roster } = readDrop(new Uint8Array(await shown.arrayBuffer()), link, today());
    const id = roster.roster.drop;
    const { bytes, end, keys } = await sealAsAPage(roster, () => true);
    const answer = await send("POST", "/v1/reports", keys.signing, id, nonce, bytes);
    expect(answer.ok, await answer.clone().text()).toBe(true);
    const receipt = verifyReceipt(receiptFromHeader(answer.headers.get("kua-receipt") ?? ""), roster);
    expect(receipt).toMatchObject({ drop: id, report: end.id, size: end.size });

    const mailbox = `/v1/mailboxes/${keys.mailbox}/reports`;
    const listed = await send("GET", mailbox, keys.signing, id, nonce);
    expect(await listed.json()).toEqual({ reports: [{ report_id: end.id, day: receipt.day, size: end.size }] });

    const elsewhere = await send("GET", mailbox, keys.signing, "00".repeat(16) as DropId, nonce);
    expect(elsewhere.status, "signed for another drop").toBe(401);
  });
});
