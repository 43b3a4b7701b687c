/**
 * Measures `sealing.ts` in Chromium and writes the rates into a file, for `cargo xtask bench web`.
 *
 * `KUA_BENCH_FILE` names the large file, and `KUA_BENCH_RATES` where the rates go.
 */

import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";
import { test } from "vitest";

import { compiled } from "../build/worker.ts";
import type { Task, Times } from "./sealing.ts";

const REPORTS = 500;

test("sealing in the page", { timeout: 600_000 }, async () => {
  const { KUA_BENCH_FILE: path = "", KUA_BENCH_RATES: rates = "", CHROMIUM: executablePath = "/usr/bin/chromium" } = process.env;
  const worker = await compiled(fileURLToPath(new URL("sealing.ts", import.meta.url)));
  const server = createServer(({ url }, response) => {
    const isWorker = url === "/worker.js";
    response.writeHead(200, { "content-type": isWorker ? "text/javascript" : "text/html" });
    response.end(isWorker ? worker : '<!doctype html><input type="file">');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.locator("input").setInputFiles(path);
  const times = await page.evaluate(async (reports) => {
    const [file] = Array.from(document.querySelector("input")?.files ?? []);
    const worker = new Worker("/worker.js");
    const answer = new Promise((resolve, reject) => {
      worker.addEventListener("message", ({ data }: MessageEvent<Times | string>) => {
        if (typeof data === "string") reject(new Error(data));
        else resolve(data);
      });
      worker.addEventListener("error", ({ message }) => reject(new Error(message)));
    });
    worker.postMessage({ reports, file } as Task);
    return (await answer) as Times;
  }, REPORTS);
  await browser.close();
  server.close();
  const { size } = await stat(path);
  const measured = {
    reports_per_second: (REPORTS * 1000) / times.reports,
    megabytes_per_second: size / 1000 / times.file,
  };
  await writeFile(rates, JSON.stringify(measured));
});
