/** The page comes over slow lines: what a browser fetches of it, and what is kept on a stick, stays small. */

import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

/** In bytes, as a server sends them compressed. */
const MOST = 150_000;
const dist = new URL("../../dist/", import.meta.url);

function compressed(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, dist))).length, 0);
}

test("the page and all that belongs to it are under 150 KB compressed", () => {
  const hosted = readdirSync(dist).filter((name) => /\.(html|js|css)$/.test(name) && name !== "offline.html");
  expect(hosted.sort()).toEqual(["index.html", "page.css", "page.js", "worker.js"]);
  const sizes = { hosted: compressed(hosted), offline: compressed(["offline.html"]) };
  expect(sizes.hosted, JSON.stringify(sizes)).toBeLessThan(MOST);
  expect(sizes.offline, JSON.stringify(sizes)).toBeLessThan(MOST);
  console.log(`compressed: ${sizes.hosted} bytes from a drop, ${sizes.offline} bytes as one file`);
});
