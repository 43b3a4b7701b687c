/** The whole story in a real browser: what is written on the page, a coordinator reads with `kua open`. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { browser, DESKTOP, PHONE, picture, Stage } from "./stage.ts";
import { ANSWERS, Walk, wordsOf } from "./walk.ts";

let stage: Stage;
let chromium: Browser;

beforeAll(async () => {
  stage = await Stage.open(["Marat"]);
  chromium = await browser();
});

afterAll(async () => {
  await chromium.close();
  await stage.close();
});

const note = { name: "протокол.txt", mimeType: "text/plain", buffer: Buffer.from("what was read to them") };

for (const [size, options] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
  for (const language of ["en", "ru", "ar"]) {
    test(`a report is written and read: ${language}, ${size}`, async () => {
      const before = new Set((await stage.inbox()).map(({ report_id }) => report_id));
      const context = await chromium.newContext({ ...options, locale: language });
      const page = await context.newPage();
      const said: string[] = [];
      page.on("console", (message) => said.push(message.text()));
      page.on("pageerror", (error) => said.push(String(error)));
      const walk = new Walk(page, wordsOf(language), (name) => picture(page, `${language}-${size}-${name}`));
      await walk.start(stage.link);
      await walk.answer([note]);
      await walk.send();
      expect(said, "nothing is reported to the console").toEqual([]);

      const added = (await stage.inbox()).filter(({ report_id }) => !before.has(report_id));
      expect(added).toHaveLength(1);
      const id = added[0]?.report_id ?? "";
      expect(await stage.opened(id)).toMatchObject({
        title: ANSWERS.title,
        description: ANSWERS.what,
        language,
        occurred: { from: "2024-03-09", precision: "day", part_of_day: "night" },
        place: { name: ANSWERS.place },
        acts: ["liberty", "association"],
        victims: [{ kind: "group", role: ANSWERS.role }],
        perpetrators: [{ type: "governmental", description: ANSWERS.description }],
        severity: "urgent",
        attachments: [{ name: note.name, media_type: "text/plain", metadata: "not-checked" }],
      });
      await stage.kua("open", id, "--out", `opened-${id}`);
      const opened = await readFile(join(stage.folder, `opened-${id}/attachments/${note.name}`));
      expect(opened.equals(note.buffer)).toBe(true);
      await context.close();
    });
  }
}
