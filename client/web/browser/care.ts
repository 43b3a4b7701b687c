/** What has to hold wherever the page stands: nobody is shut out, nothing is stored, nothing tells. */

import axe from "axe-core";
import type { BrowserContext, Page, Request } from "playwright-core";
import { expect } from "vitest";

import { picture } from "./stage.ts";
import type { Passed } from "./front.ts";

/** Both in the light and in the dark, with pictures of this name. */
export async function careful(page: Page, name: string, title: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await accessible(page, `${name}, ${colorScheme}`);
    await picture(page, `${name}-${colorScheme}`);
  }
  await noSidewaysScrolling(page, name);
  await nothingStored(page, name);
  expect(await page.title(), "the title tells nothing").toBe(title);
}

/** No violation of WCAG 2.2 AA that a program can find. */
export async function accessible(page: Page, name: string): Promise<void> {
  // The page's own rules forbid the scripts of others; what the debugger brings along is not the page's.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    return axe.run(document, { runOnly: tags });
  });
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect(found, name).toEqual([]);
  expect(passes.map(({ id }) => id), name).toContain("color-contrast");
}

export async function noSidewaysScrolling(page: Page, name: string): Promise<void> {
  const [needed, there] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  expect(needed, name).toBeLessThanOrEqual(there ?? 0);
}

/** Nothing is left where a page can leave something. */
export async function nothingStored(page: Page, name: string): Promise<void> {
  const stored = await page.evaluate(async () => {
    const files = await navigator.storage.getDirectory();
    const names = [];
    for await (const name of (files as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
    return {
      local: localStorage.length,
      session: sessionStorage.length,
      cookies: document.cookie,
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      files: names,
      // The one word says that a question is open, and no more.
      state: history.state === "question" ? null : history.state,
      window: window.name,
    };
  });
  const nothing = { local: 0, session: 0, databases: 0, caches: 0, workers: 0, cookies: "", files: [], state: null, window: "" };
  expect(stored, name).toEqual(nothing);
  expect(await page.context().cookies()).toEqual([]);
}

/** The error summary has the focus (GOV.UK, "Error summary"). */
export async function summaryHasFocus(page: Page): Promise<void> {
  const summary = page.getByRole("alert");
  await expect.poll(() => summary.evaluate((box) => box === document.activeElement)).toBe(true);
}

/** Everything that a browser asks for, from here on. */
export function watch(context: BrowserContext): Request[] {
  const requests: Request[] = [];
  context.on("request", (request) => requests.push(request));
  return requests;
}

/** Which of these words went out in a form in which they could be read. */
export function readable(passed: readonly Passed[], words: readonly string[]): string[] {
  const sent = passed.map(({ body, path, headers }) => body.toString("latin1") + path + JSON.stringify(headers));
  const everything = sent.join("\n");
  expect(everything.length, "something was sent").toBeGreaterThan(10_000);
  const forms = (word: string) => {
    const bytes = Buffer.from(word);
    // The last letter of base64 depends on what follows.
    const base64 = bytes.toString("base64").replace(/.?=*$/, "");
    return [bytes.toString("latin1"), encodeURIComponent(word), bytes.toString("hex"), base64];
  };
  return words.filter((word) => forms(word).some((form) => everything.includes(form)));
}
