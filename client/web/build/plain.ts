/**
 * What the page is where no scripts run: static, in every language, with a form for a file that was sealed elsewhere.
 *
 * Nothing can be checked there, so it names nobody. What the drop answers to its form comes along as `plain.json`.
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { FluentBundle, FluentResource } from "@fluent/bundle";
import type { Plugin } from "vite";

import { LANGUAGES } from "./locales.ts";

const FILES = ["plain", "page", "errors"] as const;

/** The messages of which the drop makes its answers. */
const ANSWERS = [
  "page-title", "page-leave", "page-done", "page-not-sent", "page-receipt", "page-receipt-what", "page-receipt-save",
  "plain-accepted", "plain-id", "plain-day", "plain-one-way", "plain-again",
  "plain-not-sealed", "plain-too-large", "plain-shut", "plain-broken", "plain-no-file", "plain-other-origin",
  "error-not-open", "error-no-space", "error-gone", "error-drop-failed",
] as const;

type Say = (key: string) => string;

/** What one language says; a message that is missing ends the build. */
export function wordsOf(language: string): Say {
  const bundle = new FluentBundle(language);
  for (const file of FILES) {
    const path = fileURLToPath(new URL(`../../locales/${language}/${file}.ftl`, import.meta.url));
    bundle.addResource(new FluentResource(readFileSync(path, "utf8")));
  }
  return (key) => {
    const pattern = bundle.getMessage(key)?.value;
    if (!pattern) throw new Error(`${language} does not say ${key}`);
    // Without a place for errors an argument that is missing is one.
    return bundle.formatPattern(pattern);
  };
}

/** Text inside an element. No language writes a command in its own direction. */
function text(message: string): string {
  const escaped = message.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return escaped.replaceAll(/kua (?:seal|submit)(?: LINK[ -~]*)?/g, (command) => `<code dir="ltr">${command}</code>`);
}

/** One language's part. Each is closed until it is chosen, which needs no script. */
function part(language: string, hosted: boolean): string {
  const say = wordsOf(language);
  const element = (tag: string) => (key: string) => `<${tag}>${text(say(key))}</${tag}>`;
  const [h2, p] = [element("h2"), element("p")];
  const command = (line: string) => `<p class="link" dir="ltr"><code>${line}</code></p>`;
  const lines = [
    `<details name="language" lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}">`,
    `<summary>${text(say("plain-language"))}</summary>`,
    hosted ? `<form class="leave" action="/leave"><button>${text(say("page-leave"))}</button></form>` : "",
    h2("plain-title"), p("plain-why"),
    h2("plain-script"), p("plain-script-how"),
    h2("plain-program"), p("plain-program-how"), command("kua submit LINK"),
    p("plain-seal-how"), command("kua seal LINK --report report.json --out report.age"), p("plain-program-link"),
    hosted ? form(language, say) : "",
    "</details>",
  ];
  return lines.filter((line) => line !== "").join("\n");
}

function form(language: string, say: Say): string {
  const [file, hint] = [`file-${language}`, `hint-${language}`];
  return [
    `<h2>${text(say("plain-send"))}</h2>`,
    `<p>${text(say("plain-one-way"))}</p>`,
    `<form method="post" enctype="multipart/form-data" action="/v1/sealed-file?language=${language}">`,
    `<div class="field"><label for="${file}">${text(say("plain-file"))}</label>`,
    `<p class="hint" id="${hint}">${text(say("plain-file-hint"))}</p>`,
    `<input type="file" id="${file}" name="file" required aria-describedby="${hint}" /></div>`,
    `<p><button class="main">${text(say("plain-submit"))}</button></p></form>`,
  ].join("\n");
}

/** The whole of it. The page that is one file has no drop to send a file to. */
function page(hosted: boolean): string {
  const parts = LANGUAGES.map((language) => part(language, hosted)).join("\n");
  return `<noscript><main class="column">\n<h1 class="unseen">${wordsOf("en")("page-title")}</h1>\n${parts}\n</main></noscript>`;
}

/** Puts it into the page. `hosted` is the page of a drop, which alone has a form. */
export function plain(hosted: boolean): Plugin {
  return {
    name: "kua-plain",
    transformIndexHtml: {
      order: "post",
      handler(html) {
        const whole = html.replace('<div id="page"></div>', (root) => `${root}\n${page(hosted)}`);
        // The drop says itself to whom the address may be told: its form has to tell where it comes from.
        return hosted ? whole.replace(/ *<meta name="referrer"[^>]*>\n/, "") : whole;
      },
    },
    generateBundle() {
      if (!hosted) return;
      const answers = LANGUAGES.map((language) => [language, wordsOf(language)] as const).map(([language, say]) => {
        return [language, Object.fromEntries(ANSWERS.map((key) => [key, say(key)]))];
      });
      const source = `${JSON.stringify(Object.fromEntries(answers), null, 2)}\n`;
      this.emitFile({ type: "asset", fileName: "plain.json", source });
    },
  };
}
