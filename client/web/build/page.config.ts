/** The page as a drop serves it: `dist/index.html` and what belongs to it. */

import { defineConfig } from "vite";

import { headers } from "./headers.ts";
import { locales } from "./locales.ts";
import { plain } from "./plain.ts";
import { worker } from "./worker.ts";

export default defineConfig({
  root: "submit",
  base: "./",
  plugins: [locales(), plain(true), worker(false), headers()],
  build: {
    target: "es2022",
    outDir: "../dist",
    emptyOutDir: true,
    modulePreload: false,
    // Nothing of the page is kept, so that no name needs to change with what is in it.
    rolldownOptions: { output: { entryFileNames: "page.js", assetFileNames: "page[extname]", codeSplitting: false } },
  },
});
