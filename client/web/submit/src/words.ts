/** Messages in the person's language, from the same Fluent files as the program's. */

import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Day } from "@kua/protocol/day.ts";
import sources from "virtual:locales";

/** The languages, each by its own name. English is the one to fall back on. */
export const LANGUAGES = {
  en: "English",
  ru: "Русский",
  kk: "Қазақша",
  ar: "العربية",
  es: "Español",
  fr: "Français",
} as const;
export type Language = keyof typeof LANGUAGES;

export type Args = Readonly<Record<string, FluentVariable>>;

export class Words {
  readonly direction: "ltr" | "rtl";
  readonly #bundle: FluentBundle;
  /** Where a language writes days and sizes in several ways, one that is not a single country's. */
  readonly #region: string;

  constructor(readonly language: Language) {
    this.direction = language === "ar" ? "rtl" : "ltr";
    this.#region = language === "en" ? "en-GB" : language;
    this.#bundle = new FluentBundle([language, "en"]);
    for (const source of [sources.en, sources[language]]) {
      this.#bundle.addResource(new FluentResource(source), { allowOverrides: true });
    }
  }

  /** A message; a key that is missing is shown as itself, and a test keeps that from happening. */
  readonly say = (key: string, args?: Args): string => {
    const pattern = this.#bundle.getMessage(key)?.value;
    return pattern ? this.#bundle.formatPattern(pattern, args, []) : key;
  };

  /** A day as people read it. */
  day(day: Day): string {
    const form = { dateStyle: "long", timeZone: "UTC", numberingSystem: "latn" } as const;
    return new Intl.DateTimeFormat(this.#region, form).format(new Date(day));
  }

  /** A size as people read it. */
  size(bytes: number): string {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
    const unitDisplay = power === 0 ? "long" : "short";
    const form = { style: "unit", unit: units[power], unitDisplay, maximumFractionDigits: 1, numberingSystem: "latn" } as const;
    return new Intl.NumberFormat(this.#region, form).format(bytes / 1000 ** power);
  }

  /** The drop's own text in this language, or in English, or in any. */
  choose(texts: Readonly<Record<string, string>>): string {
    return texts[this.language] ?? texts["en"] ?? Object.values(texts)[0] ?? "";
  }
}

/** The first of the browser's languages that is one of ours. */
export function preferred(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => tag.split("-")[0] ?? "").find((tag) => tag in LANGUAGES);
  return (known as Language | undefined) ?? "en";
}

export const WordsContext = createContext<Words>(undefined as unknown as Words);

export function useWords(): Words {
  return useContext(WordsContext);
}
