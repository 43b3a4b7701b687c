/** The page's worker, built first: as a file of its own, or as text inside the page that is one file. */

import { fileURLToPath } from "node:url";

import { build, type Plugin } from "vite";

const ENTRY = fileURLToPath(new URL("../submit/src/worker/main.ts", import.meta.url));
const FILE = "worker.js";

/**
 * Where Trusted Types are required, an address that starts a worker has to come from a policy. This one knows a
 * single address, and the page's rules allow no other policy.
 */
const START = `
const starts = (address) => {
  const types = globalThis.trustedTypes;
  return types ? types.createPolicy("kua", { createScriptURL: () => address }).createScriptURL("") : address;
};
`;
const FROM_FILE = `${START}
export const startWorker = () => new Worker(starts(new URL(${JSON.stringify(FILE)}, location.href).href));
`;
const FROM_TEXT = `${START}
export const startWorker = () =>
  new Worker(starts(URL.createObjectURL(new Blob([source], { type: "text/javascript" }))));
`;

/** A worker's code and all that it imports, as one script. */
export async function compiled(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "warn",
    build: {
      write: false,
      target: "es2022",
      rolldownOptions: { input: entry, output: { format: "iife", entryFileNames: FILE } },
    },
  });
  const [output] = [built].flat();
  const chunk = output && "output" in output ? output.output[0] : undefined;
  if (chunk?.type !== "chunk") throw new Error("the worker was not built");
  return chunk.code;
}

/** Gives the page `virtual:worker`. */
export function worker(inside: boolean): Plugin {
  const id = "\0virtual:worker";
  let code = "";
  return {
    name: "kua-worker",
    async buildStart() {
      code = await compiled(ENTRY);
      if (!inside) this.emitFile({ type: "asset", fileName: FILE, source: code });
    },
    resolveId: (source) => (source === "virtual:worker" ? id : undefined),
    load: (source) => {
      if (source !== id) return undefined;
      return inside ? `const source = ${JSON.stringify(code)};${FROM_TEXT}` : FROM_FILE;
    },
  };
}
