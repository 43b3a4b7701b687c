/**
 * A browser that is let alone while it works.
 *
 * Whoever drives a browser is told of every request with all that it carries: ten times slower, and all of it in
 * memory. So that time and memory are the page's own, nobody is connected while they are measured.
 */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";

import { chromium, type Browser, type Page } from "playwright-core";

import { CHROMIUM } from "./stage.ts";

export class Detached {
  #connected: Browser | undefined;

  private constructor(
    private readonly process: ChildProcess,
    private readonly address: string,
  ) {}

  /** Starts a browser with a profile in this folder. */
  static async open(profile: string): Promise<Detached> {
    const switches = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--lang=en"];
    const own = [`--user-data-dir=${profile}`, "--remote-debugging-port=0"];
    const browser = spawn(CHROMIUM, [...switches, ...own], { stdio: ["ignore", "ignore", "pipe"] });
    for await (const line of createInterface({ input: browser.stderr })) {
      const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (address === undefined) continue;
      // What it says later must not fill the pipe.
      browser.stderr.resume();
      return new Detached(browser, address);
    }
    throw new Error("the browser ended");
  }

  /** Its one page. Whoever has it is connected until `letAlone`. */
  async page(): Promise<Page> {
    this.#connected ??= await chromium.connectOverCDP(this.address, { timeout: 180_000 });
    const [context] = this.#connected.contexts();
    const page = context?.pages()[0] ?? (await context?.newPage());
    if (!page) throw new Error("the browser shows nothing");
    return page;
  }

  async letAlone(): Promise<void> {
    await this.#connected?.close();
    this.#connected = undefined;
  }

  /** The memory of the process that shows the page, in MiB. */
  async memory(): Promise<number> {
    const processes = await Promise.all((await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(about));
    const ours = new Set([this.process.pid]);
    // Children have higher numbers than their parents, but for the rare time when numbers begin again.
    for (const { pid, parent } of processes.sort((one, other) => one.pid - other.pid)) if (ours.has(parent)) ours.add(pid);
    return Math.max(0, ...processes.filter(({ pid, renders }) => renders && ours.has(pid)).map(({ resident }) => resident));
  }

  async close(): Promise<void> {
    await this.letAlone();
    this.process.kill("SIGTERM");
    await once(this.process, "exit");
  }
}

async function about(id: string): Promise<{ pid: number; parent: number; renders: boolean; resident: number }> {
  // It may have ended meanwhile.
  const read = (name: string) => readFile(`/proc/${id}/${name}`, "utf8").catch(() => "");
  const [status, line] = await Promise.all([read("status"), read("cmdline")]);
  const number = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  return { pid: Number(id), parent: number("PPid"), renders: line.includes("--type=renderer"), resident: number("VmRSS") / 1024 };
}
