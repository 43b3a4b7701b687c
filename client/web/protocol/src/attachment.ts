/** Measuring a file before it is sealed: sealing reads it again and compares. */

import { toHex } from "./bytes.ts";
import { tidyName, uniqueName } from "./name.ts";
import type { Attachment } from "./report.generated.ts";
import { beginSha256 } from "./sha256.ts";
import type { Chunks } from "./stream.ts";

/** What is known of a file before it is read. */
export interface ChosenFile {
  readonly originalName: string;
  /** As the browser says; anything that is no media type is written as bytes of no known kind. */
  readonly mediaType: string;
  readonly metadata: Attachment["metadata"];
}

/** Reads a file once to the end for its size and digest, and finds a name that is safe and that no other has. */
export async function measure(file: ChosenFile, content: Chunks, taken: readonly string[]): Promise<Attachment> {
  const digest = await beginSha256();
  let size = 0;
  for await (const chunk of content) {
    digest.update(chunk);
    size += chunk.length;
  }
  const name = uniqueName(tidyName(file.originalName), taken);
  return {
    name,
    ...(name === file.originalName ? {} : { original_name: file.originalName }),
    media_type: /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(file.mediaType) ? file.mediaType : "application/octet-stream",
    size,
    sha256: toHex(digest.digest()),
    metadata: file.metadata,
  };
}
