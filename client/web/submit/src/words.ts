/** Messages in the person's language, from the same Fluent files as the program's. */

import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import { createContext } from "preact";
import { useContext } from "preact/hooks";

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
  readonly #numbers: Intl.NumberFormat;

  constructor(readonly language: Language) {
    this.direction = language === "ar" ? "rtl" : "ltr";
    this.#bundle = new FluentBundle([language, "en"]);
    this.#numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
    for (const source of [sources.en, sources[language]]) {
      this.#bundle.addResource(new FluentResource(source), { allowOverrides: true });
    }
  }

  /** A message; a key that is missing is shown as itself, and a test keeps that from happening. */
  readonly say = (key: string, args?: Args): string => {
    const pattern = this.#bundle.getMessage(key)?.value;
    return pattern ? this.#bundle.formatPattern(pattern, args, []) : key;
  };

  /** A size as people read it. */
  size(bytes: number): string {
    const units = ["B", "KB", "MB", "GB"];
    const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
    return `${this.#numbers.format(bytes / 1000 ** power)} ${units[power] ?? ""}`;
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
