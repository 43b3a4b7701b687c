import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { concat, utf8 } from "../src/bytes.ts";
import { gather } from "../src/stream.ts";
import { Archive, type ArchivedFile } from "../src/tar.ts";
import { laterRefusal, vectors } from "./vectors.ts";

interface Vector {
  about: string;
  report_json: string;
  attachments: { name: string; content: string; times: number }[];
  len: number;
  sha256: string;
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function* pieces(bytes: Uint8Array, length = 1000): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function whole(archive: Archive, contents: readonly Uint8Array[]): Promise<Uint8Array> {
  const { bytes } = await gather(archive.chunks((at) => pieces(contents[at] ?? new Uint8Array())));
  return bytes;
}

test.each(vectors<{ cases: Vector[] }>("archive.json").cases)("$about", async (vector) => {
  const contents = vector.attachments.map(({ content, times }) => utf8(content.repeat(times)));
  const files = vector.attachments.map(({ name }, at) => {
    const bytes = contents[at] ?? new Uint8Array();
    return { name, size: bytes.length, sha256: sha256(bytes) };
  });
  const archive = new Archive(utf8(vector.report_json), files);
  expect(archive.length).toBe(vector.len);
  const bytes = await whole(archive, contents);
  expect(bytes.length).toBe(vector.len);
  expect(sha256(bytes)).toBe(vector.sha256);
});

test("a file of 8 GiB and more has its size in a pax header", async () => {
  const file = { name: "film.mkv", size: 2 ** 33, sha256: "" };
  const archive = new Archive(utf8("{}"), [file]);
  // report.json with its header, the pax header with its record, the file's own header, the file, the end.
  expect(archive.length).toBe(2 * 512 + 2 * 512 + 512 + 2 ** 33 + 2 * 512);
  const chunks = archive.chunks(() => pieces(new Uint8Array()));
  await chunks.next();
  const { value } = await chunks.next();
  expect(new TextDecoder().decode((value as Uint8Array).subarray(512, 512 + 19))).toBe("19 size=8589934592\n");
  expect(() => new Archive(utf8("{}"), [{ ...file, size: Number.MAX_SAFE_INTEGER }])).toThrow("too large");
});

const content = utf8("as it was measured");
const file: ArchivedFile = { name: "a.txt", size: content.length, sha256: sha256(content) };

test.each([
  ["shorter", content.subarray(1)],
  ["longer", concat(content, utf8("!"))],
  ["another", utf8("as it was Measured")],
])("a file that became %s ends the archive", async (_, now) => {
  const error = await laterRefusal(whole(new Archive(utf8("{}"), [file]), [now]));
  expect(error).toMatchObject({ why: "changed", details: { file: "a.txt" } });
});

test("a file without end is not read on", async () => {
  async function* endless(): AsyncGenerator<Uint8Array, void> {
    for (let at = 0; at < 1000; at += 1) yield content;
    throw new Error("read far beyond its end");
  }
  const error = await laterRefusal(gather(new Archive(utf8("{}"), [file]).chunks(endless)));
  expect(error.why).toBe("changed");
});
