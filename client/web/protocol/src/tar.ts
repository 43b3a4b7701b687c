/**
 * One tar file for a report and its attachments, the same bytes whoever writes it (protocol, "Tar").
 *
 * ustar with a pax header only where one is needed: a path over 100 bytes or not ASCII, or a size of 8 GiB and more.
 */

import { concat, toHex, utf8 } from "./bytes.ts";
import { Refused } from "./refused.ts";
import { beginSha256 } from "./sha256.ts";
import type { Chunks } from "./stream.ts";

/** What an archive needs to know of an attachment, as report.json says it. */
export interface ArchivedFile {
  readonly name: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

const BLOCK = 512;
const END = 2 * BLOCK;
const PLAIN_PATH = 100;
/** The largest size that 11 octal digits hold. */
const PLAIN_SIZE = 2 ** 33 - 1;

/** A report laid out as an archive: its length is known before a byte of an attachment is read. */
export class Archive {
  /** How many bytes the archive has, before any padding. */
  readonly length: number;

  /** Refuses as `too-large`. */
  constructor(
    private readonly reportJson: Uint8Array,
    private readonly files: readonly ArchivedFile[],
  ) {
    const first = BLOCK + reportJson.length + fill(reportJson.length);
    const attached = files.map((file, at) => attachmentHeader(at, file).length + file.size + fill(file.size));
    const length = attached.reduce((sum, part) => sum + part, first + END);
    if (!Number.isSafeInteger(length)) throw new Refused("too-large", "this is too large to be archived");
    this.length = length;
  }

  /**
   * Gives the archive piece by piece. `open` is asked for the bytes of each file, by its place, when its turn comes.
   *
   * Refuses as `changed` (`file`) as soon as a file is no longer what report.json says; then nothing of it may be used.
   */
  async *chunks(open: (at: number) => Chunks): AsyncGenerator<Uint8Array, void> {
    yield concat(header("0", "report.json", this.reportJson.length), this.reportJson, zeros(this.reportJson.length));
    for (const [at, file] of this.files.entries()) {
      yield attachmentHeader(at, file);
      yield* compared(file, open(at));
      yield zeros(file.size);
    }
    yield new Uint8Array(END);
  }
}

/** Passes a file's bytes on and fails where they are not the announced ones. */
async function* compared(file: ArchivedFile, content: Chunks): AsyncGenerator<Uint8Array, void> {
  const digest = await beginSha256();
  let left = file.size;
  for await (const chunk of content) {
    left -= chunk.length;
    if (left < 0) throw changed(file);
    digest.update(chunk);
    yield chunk;
  }
  if (left > 0 || toHex(digest.digest()) !== file.sha256) throw changed(file);
}

function changed(file: ArchivedFile): Refused {
  return new Refused("changed", "a file changed since it was chosen", { file: file.name });
}

/** The header of an attachment, with the pax header before it where one is needed. */
function attachmentHeader(at: number, { name, size }: ArchivedFile): Uint8Array {
  const number = at + 1;
  const path = `attachments/${name}`;
  const plainPath = /^[\0-\x7f]*$/.test(path) && path.length <= PLAIN_PATH;
  const plainSize = size <= PLAIN_SIZE;
  const records = utf8((plainPath ? "" : paxRecord("path", path)) + (plainSize ? "" : paxRecord("size", String(size))));
  const own = header("0", plainPath ? path : `attachments/${number}`, plainSize ? size : 0);
  if (records.length === 0) return own;
  return concat(header("x", `pax/${number}`, records.length), records, zeros(records.length), own);
}

/** `LENGTH KEY=VALUE` and a line end, where the length counts its own digits too and is the least such. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const restLength = utf8(rest).length;
  let length = restLength;
  while (restLength + String(length).length !== length) length = restLength + String(length).length;
  return `${length}${rest}`;
}

/** One header block (POSIX.1, "ustar Interchange Format"); the path has at most 100 bytes of ASCII. */
function header(type: "0" | "x", path: string, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(utf8(text), at);
  const octal = (number: number, digits: number) => number.toString(8).padStart(digits, "0");
  put(0, path);
  put(100, octal(0o600, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(size, 11));
  put(136, octal(0, 11));
  // The checksum counts its own field as spaces.
  put(148, "        ");
  put(156, type);
  put(257, "ustar");
  put(263, "00");
  const sum = block.reduce((sum, byte) => sum + byte, 0);
  put(148, `${octal(sum, 7)}\0`);
  return block;
}

/** How many zeros fill the last block of so many bytes. */
function fill(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function zeros(size: number): Uint8Array {
  return new Uint8Array(fill(size));
}
