/** The letters of the page's languages are drawn as what they are, and not as boxes. */

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { browser, Stage } from "./stage.ts";

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

/** Each letter as the page would draw it, in its fields and in its text. */
async function drawn(letters: readonly string[]): Promise<string[]> {
  const page = await chromium.newPage();
  await page.goto(stage.link);
  const pictures = await page.evaluate((letters) => {
    const canvas = document.createElement("canvas");
    canvas.width = 60;
    canvas.height = 60;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (!pen) throw new Error("nothing can be drawn here");
    return letters.map((letter) => {
      pen.clearRect(0, 0, 60, 60);
      pen.font = `32px ${getComputedStyle(document.documentElement).fontFamily}`;
      pen.fillText(letter, 10, 42);
      return Array.from(pen.getImageData(0, 0, 60, 60).data).join();
    });
  }, letters);
  await page.close();
  return pictures;
}

test.each([
  ["Kazakh", "ӘәҒғҚқҢңӨөҰұҮүҺһІі"],
  ["Russian", "ЖжЩщЪъЫыЭэЮюЯяЁё"],
  ["Arabic", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي؟،"],
  ["Spanish and French", "ÑñÁáÉéÍíÓóÚúÜü¿¡ÇçŒœÀàÈèÊê«»"],
])("%s", async (_, text) => {
  const letters = Array.from(text);
  // Two places of Unicode where no letter is, and a space.
  const [missing, alsoMissing, empty, ...pictures] = await drawn(["\u{378}", "\u{530}", " ", ...letters]);
  expect(missing).toBe(alsoMissing);
  expect(letters.filter((_, at) => pictures[at] === missing || pictures[at] === empty)).toEqual([]);
  // Some letters look alike in every font; boxes all do.
  expect(new Set(pictures).size).toBeGreaterThan(letters.length - 4);
});
