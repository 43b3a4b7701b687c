/** The page as one file that can be kept on a USB stick: `dist/offline.html`. */

import { defineConfig, type Plugin } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

import { ownRules } from "./headers.ts";
import { locales } from "./locales.ts";
import { plain } from "./plain.ts";
import { sums } from "./sums.ts";
import { worker } from "./worker.ts";

/** The last to touch the file: its rules name the digests of what is inside. */
function finish(): Plugin {
  return {
    name: "kua-offline",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const page = bundle["index.html"];
        if (page?.type !== "asset") throw new Error("there is no page");
        page.fileName = "offline.html";
        page.source = ownRules(String(page.source));
      },
    },
  };
}

export default defineConfig({
  root: "submit",
  base: "./",
  plugins: [locales(), plain(false), worker(true), viteSingleFile({ removeViteModuleLoader: true }), finish(), sums()],
  build: { target: "es2022", outDir: "../dist", emptyOutDir: false, modulePreload: false },
});
