/** From the first page to the last without a mouse, and back again; what has the focus is always in sight. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { browser, DESKTOP, Stage, ZOOMED } from "./stage.ts";
import { wordsOf, type Say } from "./walk.ts";

let stage: Stage;
let chromium: Browser;

beforeAll(async () => {
  stage = await Stage.open();
  chromium = await browser();
});

afterAll(async () => {
  await chromium.close();
  await stage.close();
});

/** Someone with a keyboard. */
class Typist {
  constructor(
    private readonly page: Page,
    readonly say: Say,
  ) {}

  /** Goes on with Tab, or back with Shift, until the focus is on what is called so. */
  async tabTo(name: string, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
    for (let presses = 0; presses < 60; presses += 1) {
      await this.page.keyboard.press(key);
      const { called, inSight } = await this.page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement | null;
        const called = element?.labels?.[0]?.textContent ?? element?.textContent ?? "";
        const { top = 0, bottom = 0 } = element?.getBoundingClientRect() ?? {};
        // Nothing but its own button is in the bar that stays on top (WCAG 2.4.11).
        const bar = document.querySelector(".leave");
        const hidden = bar?.contains(element) ? 0 : (bar?.getBoundingClientRect().bottom ?? 0);
        return { called: called.trim(), inSight: element === document.body || (bottom > hidden && top < innerHeight) };
      });
      expect(inSight, `${called} has the focus and is in sight`).toBe(true);
      if (called === name) return;
    }
    throw new Error(`Tab never comes to ${name}`);
  }

  async press(key: string, args?: Record<string, string | number>): Promise<void> {
    await this.tabTo(this.say(key, args));
    await this.page.keyboard.press("Enter");
  }

  async type(key: string, text: string, args?: Record<string, string | number>): Promise<void> {
    await this.tabTo(this.say(key, args));
    await this.page.keyboard.type(text);
  }

  heading(key: string): Promise<void> {
    return this.page.getByRole("heading", { level: 1, name: this.say(key) }).waitFor();
  }

  async goOn(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.heading(key);
      await this.press("page-continue");
    }
  }

  /** Chooses a file in the window that the browser opens. */
  async choose(name: string): Promise<void> {
    await this.tabTo(this.say("page-files"));
    const [chooser] = await Promise.all([this.page.waitForEvent("filechooser"), this.page.keyboard.press("Enter")]);
    await chooser.setFiles([{ name, mimeType: "text/plain", buffer: Buffer.from("a note") }]);
    await this.page.locator(".files bdi").getByText(name, { exact: true }).waitFor();
  }
}

const LETTERS = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі";

/** Writes and sends; gives the codename. */
async function write(page: Page, typist: Typist, title: string): Promise<string[]> {
  const { say } = typist;
  await typist.press("page-write");
  await typist.heading("page-what");
  // Without an answer the focus goes to the summary, and from there to the field.
  await typist.press("page-continue");
  await typist.press("page-what-missing");
  await page.keyboard.type(LETTERS);
  await typist.type("page-title-label", title);
  await typist.press("page-continue");
  await typist.heading("page-when");
  await typist.type("page-year", "2024");
  await typist.press("page-continue");
  await typist.goOn(["page-where"]);
  await typist.heading("page-acts");
  await typist.tabTo(say("act-liberty"));
  await page.keyboard.press("Space");
  // The longest page, down and up again. Shift with another key is no wish to leave.
  await typist.tabTo(say("page-continue"));
  await typist.tabTo(say("page-back"), "Shift+Tab");
  await typist.press("page-continue");
  await typist.goOn(["page-victim", "page-perpetrator"]);
  await typist.heading("page-severity");
  // One stop for all of them; the arrows choose.
  await typist.tabTo(say("page-leave-open"));
  await page.keyboard.press("ArrowUp");
  await typist.press("page-continue");
  await typist.heading("page-files");
  await typist.choose("note.txt");
  await typist.goOn(["page-files", "page-readers", "page-check"]);
  await typist.heading("page-codename");
  const codename = await page.locator(".codename li").allTextContents();
  await typist.press("page-codename-have");
  await typist.heading("page-confirm");
  for (const [at, word] of codename.entries()) {
    const number = at + 1;
    if ((await page.getByLabel(say("page-confirm-word", { number })).count()) > 0) {
      await typist.type("page-confirm-word", word, { number });
    }
  }
  await page.keyboard.press("Enter");
  await typist.heading("page-done");
  return codename;
}

test.each([
  ["a usual window", DESKTOP],
  ["four times the size", ZOOMED],
])("writing, leaving, coming back, adding, deleting, leaving: %s", async (name, options) => {
  const context = await chromium.newContext({ ...options, locale: "en" });
  const page = await context.newPage();
  // Who listens early is told of the first window, too.
  page.on("filechooser", () => undefined);
  const typist = new Typist(page, wordsOf("en"));
  const { say } = typist;
  await page.goto(stage.link);
  await page.getByRole("button", { name: say("page-write") }).waitFor();
  const title = `Written by keyboard in ${name}`;
  const codename = await write(page, typist, title);
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("Shift");
  await page.waitForURL(`${stage.front.origin}/leave`);

  const report = (await stage.inbox()).find((row) => row.title === title);
  const id = report?.report_id ?? "";
  expect(await stage.opened(id)).toMatchObject({
    description: LETTERS,
    occurred: { from: "2024" },
    acts: ["liberty"],
    attachments: [{ name: "note.txt" }],
  });
  const letter = join(stage.folder, "letter.txt");
  await writeFile(letter, "an answer");
  await stage.kua("reply", id, "--text", "Who?", "--attach", letter);

  await page.goto(stage.link);
  await page.getByRole("button", { name: say("page-write") }).waitFor();
  await typist.press("page-have-codename");
  await typist.heading("page-enter");
  await typist.type("page-enter", codename.join(" "));
  await typist.press("page-continue");
  await typist.heading("page-thread");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    typist.press("page-reply-save", { name: "letter.txt", size: "9 bytes" }),
  ]);
  expect(download.suggestedFilename()).toBe("letter.txt");
  await typist.press("page-reply-delete", { number: "1" });
  await page.keyboard.press("Enter");
  await page.getByText("Who?").waitFor({ state: "detached" });
  await typist.press("page-write-again");
  await typist.heading("page-add");
  await typist.type("page-add", "I do not know.");
  await typist.press("page-continue");
  await typist.heading("page-files");
  await typist.choose("more.txt");
  await typist.goOn(["page-files", "page-readers"]);
  await typist.heading("page-check");
  await typist.press("page-send");
  await typist.heading("page-thread");
  const added = (await stage.inbox()).filter(({ mailbox }) => mailbox === report?.mailbox);
  expect(added).toHaveLength(2);
  await typist.press("page-leave");
  await page.waitForURL(`${stage.front.origin}/leave`);
  await context.close();
});
