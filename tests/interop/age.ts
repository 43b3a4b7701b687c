// A tiny age on top of the npm package `age-encryption`: an implementation that shares no line with ours, so
// that a file which passes from one to the other proves that both follow the specification.
//
//   node build/age.js keygen                   a new post-quantum identity, in age-keygen's form
//   node build/age.js seal RECIPIENT...        seals standard input to standard output
//   node build/age.js open IDENTITY_FILE       opens standard input to standard output
//   node build/age.js vectors                  the specification's own hybrid test files, one JSON object a line

import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { inflateSync } from "node:zlib";

import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";
import * as cctv from "cctv-age";

async function keygen(): Promise<string> {
  const identity = await generateHybridIdentity();
  return `# public key: ${await identityToRecipient(identity)}\n${identity}\n`;
}

async function seal(recipients: string[]): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(await buffer(process.stdin));
}

async function open(identityFile: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  for (const line of (await readFile(identityFile, "utf8")).split("\n")) {
    if (line !== "" && !line.startsWith("#")) decrypter.addIdentity(line);
  }
  return decrypter.decrypt(await buffer(process.stdin));
}

// Each test file is a block of `key: value` lines, an empty line, and the age file itself.
function vectors(): string {
  return Object.entries(cctv as unknown as Record<string, Uint8Array>)
    .filter(([name]) => /^hybrid(?!.*_default$)/.test(name))
    .map(([name, file]) => {
      const bytes = Buffer.from(file);
      const end = bytes.indexOf("\n\n");
      const fields = bytes.subarray(0, end).toString("utf8").split("\n").map((line) => line.split(": ", 2));
      const values = (key: string) => fields.filter(([k]) => k === key).map(([, value]) => value ?? "");
      const body = bytes.subarray(end + 2);
      return JSON.stringify({
        name,
        expect: values("expect")[0],
        payload: values("payload")[0],
        identities: values("identity"),
        age: (values("compressed")[0] === "zlib" ? inflateSync(body) : body).toString("base64"),
      });
    })
    .join("\n");
}

async function main([command, ...rest]: string[]): Promise<string | Uint8Array> {
  const [first] = rest;
  if (command === "keygen") return keygen();
  if (command === "seal" && first !== undefined) return seal(rest);
  if (command === "open" && first !== undefined) return open(first);
  if (command === "vectors") return vectors();
  throw new Error("usage: age.js keygen | seal RECIPIENT... | open IDENTITY_FILE | vectors");
}

try {
  process.stdout.write(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
