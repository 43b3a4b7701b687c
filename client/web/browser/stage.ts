/**
 * A real drop with its people, and in front of it a small server that looks at what goes by.
 *
 * Needs a built `kua` with `kua-server` beside it, named by `KUA_BIN`, and a Chromium of the system (`CHROMIUM`).
 */

import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

import type { DropId } from "@kua/protocol/ids.ts";
import { PublicKey } from "@kua/protocol/keys.ts";
import type { KuaReport1 } from "@kua/protocol/report.generated.ts";
import { fingerprint, person, rosterOf, type Person } from "../protocol/tests/page.ts";
import { openVault } from "../protocol/tests/vault.ts";
import { repository, vectorBytes, vectors } from "../protocol/tests/vectors.ts";
import { Front } from "./front.ts";

const run = promisify(execFile);
const kua = process.env["KUA_BIN"] ?? "";
export const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
/** Where screenshots are put. */
export const PICTURES = process.env["KUA_PICTURES"] ?? join(tmpdir(), "kua-pictures");

if (kua === "") throw new Error("KUA_BIN has to name a built kua, with kua-server beside it");

export interface Row {
  readonly report_id: string;
  readonly title: string;
  readonly mailbox: string;
}

export class Stage {
  private constructor(
    readonly folder: string,
    readonly id: DropId,
    readonly front: Front,
    readonly people: readonly Person[],
    private readonly serving: ChildProcess,
  ) {}

  /** The link as the page is opened. */
  get link(): string {
    return `${this.front.origin}/#${fingerprint}`;
  }

  /** Aigerim, who has a vault, and these others; the first of them all has their names in the roster. */
  static async open(others: readonly string[] = ["Marat <b>bold</b>"], port = 0): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "kua-browser-"));
    const data = join(folder, "drop");
    const server = join(dirname(kua), "kua-server");
    const quietly = { stdio: "pipe" } as const;
    execFileSync(server, ["init", "--data", data], quietly);
    const card = JSON.parse(await readFile(join(data, "drop-card.json"), "utf8")) as { drop: DropId; drop_key: string };
    const known = vectors<{ file: string; passphrase: string }[]>("vault/vault.json");
    const passphrase = known.find(({ file }) => file === "coordinator.kua")?.passphrase ?? "";
    await writeFile(join(folder, "passphrase"), passphrase, { mode: 0o600 });
    const { seed } = await openVault(vectorBytes("vault/coordinator.kua"), passphrase);
    const people = [await person("Айгерім", seed)];
    for (const [at, name] of others.entries()) people.push(await person(name, new Uint8Array(32).fill(at + 7)));
    const roster = rosterOf(card.drop, PublicKey.parse(card.drop_key) as PublicKey, people);
    await writeFile(join(folder, "roster.json"), JSON.stringify(roster));
    execFileSync(server, ["roster", "install", "--data", data, join(folder, "roster.json")], quietly);
    const serving = spawn(server, ["serve", "--data", data, "--listen", "127.0.0.1:0"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const lines = createInterface({ input: serving.stdout as NonNullable<typeof serving.stdout> });
    const [line] = (await once(lines, "line")) as [string];
    const front = await Front.open(line.replace("listening on ", ""), port);
    await mkdir(PICTURES, { recursive: true });
    return new Stage(folder, card.drop, front, people, serving);
  }

  async close(): Promise<void> {
    await this.front.close();
    this.serving.kill("SIGTERM");
    await once(this.serving, "exit");
    await rm(this.folder, { recursive: true });
  }

  /** Runs `kua` as Aigerim, against this drop. */
  async kua(command: string, ...args: readonly string[]): Promise<string> {
    const key = ["--key", repository("tests/vectors/vault/coordinator.kua"), "--passphrase-file", "passphrase"];
    const env = { ...process.env, KUA_CACHE: join(this.folder, "cache") };
    const { stdout } = await run(kua, [command, this.link, ...key, ...args], { cwd: this.folder, env });
    return stdout;
  }

  /** Sends the report that a file holds. */
  async submit(path: string): Promise<void> {
    await run(kua, ["submit", this.link, "--report", path, "--json"], { cwd: this.folder });
  }

  /** What Aigerim finds in the drop. */
  async inbox(): Promise<Row[]> {
    return JSON.parse(await this.kua("inbox", "--json")) as Row[];
  }

  /** What Aigerim reads in a report. */
  async opened(id: string): Promise<KuaReport1> {
    return JSON.parse(await this.kua("open", id, "--json")) as KuaReport1;
  }
}

/** A browser as a submitter has one, with further switches. */
export function browser(...switches: readonly string[]): Promise<Browser> {
  const args = ["--no-sandbox", "--disable-gpu", ...switches];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

export const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
/** A window of 1280 pixels at 400 % has room for 320 (WCAG 1.4.10). */
export const ZOOMED: BrowserContextOptions = { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 };
export const NARROW: BrowserContextOptions = { viewport: { width: 320, height: 568 } };

/** Keeps a picture of the whole page for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}
