/** The way through the page, as a person goes it: by what is written on buttons and fields. */

import { expect } from "vitest";
import type { Page } from "playwright-core";

import { FluentBundle, FluentResource } from "@fluent/bundle";
import { localeOf } from "../build/locales.ts";

export type Say = (key: string, args?: Record<string, string | number>) => string;

/** The page's own words, as a reader of the screen sees them. */
export function wordsOf(language: string): Say {
  const bundle = new FluentBundle([language, "en"]);
  for (const tag of ["en", language]) bundle.addResource(new FluentResource(localeOf(tag)), { allowOverrides: true });
  return (key, args) => {
    const pattern = bundle.getMessage(key)?.value;
    if (!pattern) throw new Error(`there is no message ${key}`);
    return bundle.formatPattern(pattern, args, []);
  };
}

export interface Chosen {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export class Walk {
  constructor(
    readonly page: Page,
    readonly say: Say,
    /** Told at every page, with its name. */
    readonly at: (name: string) => Promise<void> = async () => undefined,
  ) {}

  press(key: string, args?: Record<string, string | number>): Promise<void> {
    return this.page.getByRole("button", { name: this.say(key, args), exact: true }).click();
  }

  async heading(key: string): Promise<void> {
    await this.page.getByRole("heading", { level: 1, name: this.say(key) }).waitFor();
    await this.at(key);
  }

  async go(): Promise<void> {
    await this.press("page-continue");
  }

  async start(link: string): Promise<void> {
    await this.page.goto(link);
    await this.page.getByRole("button", { name: this.say("page-write") }).waitFor();
    await this.at("page-start");
  }

  /** Answers everything, as in `ANSWERS`; before each answer something else can be tried. */
  async answer(
    files: readonly Chosen[],
    before: (key: string) => Promise<void> = async () => undefined,
  ): Promise<void> {
    const { page, say } = this;
    const to = async (key: string) => {
      await this.heading(key);
      await before(key);
    };
    await this.press("page-write");
    await to("page-what");
    await page.getByLabel(say("page-what")).fill(ANSWERS.what);
    await page.getByLabel(say("page-title-label")).fill(ANSWERS.title);
    await this.go();
    await to("page-when");
    for (const [key, number] of [["page-day", "9"], ["page-month", "3"], ["page-year", "2024"]] as const) {
      await page.getByRole("textbox", { name: say(key), exact: true }).fill(number);
    }
    await page.getByRole("radio", { name: say("part-of-day-night"), exact: true }).check();
    await this.go();
    await to("page-where");
    await page.getByLabel(say("page-where")).fill(ANSWERS.place);
    await this.go();
    await to("page-acts");
    await page.getByLabel(say("act-liberty")).check();
    await page.getByLabel(say("act-association")).check();
    await this.go();
    await to("page-victim");
    await page.getByLabel(say("victim-group")).check();
    await page.getByLabel(say("page-victim-role")).fill(ANSWERS.role);
    await this.go();
    await to("page-perpetrator");
    await page.getByLabel(say("perpetrator-governmental")).check();
    await page.getByLabel(say("page-perpetrator-description")).fill(ANSWERS.description);
    await this.go();
    await to("page-severity");
    await page.getByLabel(say("severity-urgent")).check();
    await this.go();
    await to("page-files");
    await this.choose(files);
    await this.at("page-files-chosen");
    await this.go();
    await to("page-readers");
    await this.go();
    await this.heading("page-check");
  }

  /** Chooses files, and waits until each was looked into. */
  async choose(files: readonly Chosen[]): Promise<void> {
    await this.page.getByLabel(this.say("page-files")).setInputFiles([...files]);
    for (const { name } of files) await this.page.locator(".files bdi").getByText(name, { exact: true }).waitFor();
  }

  /** Answers what has to be answered and nothing else. */
  async answerLeast(what: string = ANSWERS.what): Promise<void> {
    await this.press("page-write");
    await this.heading("page-what");
    await this.page.getByLabel(this.say("page-what")).fill(what);
    await this.press("page-skip");
    await this.heading("page-check");
  }

  /** From the check to the question after it. */
  async change(key: string): Promise<void> {
    const name = `${this.say("page-change")} ${this.say(key)}`;
    await this.page.getByRole("button", { name, exact: true }).click();
    await this.heading(key);
  }

  /** From the check to the two words, with the codename on the way. */
  async toConfirm(): Promise<string[]> {
    await this.go();
    await this.heading("page-codename");
    const codename = await this.page.locator(".codename li").allTextContents();
    expect(codename).toHaveLength(8);
    // A browser that translates pages would show words that open nothing.
    expect(await this.page.locator(".codename").getAttribute("translate")).toBe("no");
    await this.press("page-codename-have");
    await this.heading("page-confirm");
    return codename;
  }

  /** Writes the two words that are asked for. */
  async typeWords(codename: readonly string[]): Promise<void> {
    for (const [at, word] of codename.entries()) {
      const field = this.page.getByLabel(this.say("page-confirm-word", { number: at + 1 }));
      if (await field.count()) await field.fill(word);
    }
  }

  /** Writes the two words and sends. */
  async confirm(codename: readonly string[]): Promise<void> {
    await this.typeWords(codename);
    await this.press("page-send");
  }

  /** From the check to the end. */
  async send(): Promise<string[]> {
    const codename = await this.toConfirm();
    await this.confirm(codename);
    await this.heading("page-done");
    return codename;
  }

  /** Comes back with a codename, as it is typed. */
  async comeBack(link: string, codename: string): Promise<void> {
    await this.start(link);
    await this.press("page-have-codename");
    await this.heading("page-enter");
    await this.page.getByLabel(this.say("page-enter")).fill(codename);
    await this.go();
  }
}

export const ANSWERS = {
  what: "They came at night.\nОни пришли ночью. جاؤوا ليلاً\nӘә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі",
  title: "Five people taken from the hall",
  place: "Шахтинск, the miners' hall",
  role: "trade unionists",
  description: "two grey vans, no number plates",
} as const;
