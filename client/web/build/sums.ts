/** `SHA256SUMS` over everything in a folder, as `sha256sum -c` reads it. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

const FILE = "SHA256SUMS";

export function sums(): Plugin {
  return {
    name: "kua-sums",
    writeBundle({ dir = "" }) {
      const names = readdirSync(dir).filter((name) => name !== FILE).sort();
      const lines = names.map((name) => {
        const digest = createHash("sha256").update(readFileSync(join(dir, name))).digest("hex");
        return `${digest}  ${name}\n`;
      });
      writeFileSync(join(dir, FILE), lines.join(""));
    },
  };
}
