// Continues an upload with npm's `tus-js-client`, which knows nothing of us but the upload's address.
//
//   node build/tus.js URL FILE

import { readFile } from "node:fs/promises";

import { Upload } from "tus-js-client";

const [url, file] = process.argv.slice(2);
if (url === undefined || file === undefined) throw new Error("usage: tus.js URL FILE");

const content = await readFile(file);
await new Promise<void>((resolve, reject) => {
  const upload = new Upload(content, {
    uploadUrl: url,
    uploadSize: content.length,
    chunkSize: 1_000_000,
    retryDelays: Array.from({ length: 50 }, () => 100),
    onError: reject,
    onSuccess: () => resolve(),
  });
  upload.start();
});
