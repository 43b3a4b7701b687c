/** What is measured, in a worker as the page has one: sealing alone, to two people, and nothing is sent. */

import { measure } from "@kua/protocol/attachment.ts";
import type { DropId } from "@kua/protocol/ids.ts";
import { AgeIdentity, SigningKey } from "@kua/protocol/keys.ts";
import type { Attachment } from "@kua/protocol/report.generated.ts";
import { buildReport, randomNumber, type Draft } from "@kua/protocol/report.ts";
import { Recipients, SealPlan } from "@kua/protocol/seal.ts";
import { chunksOf } from "@kua/protocol/stream.ts";
import { Archive } from "@kua/protocol/tar.ts";

export interface Task {
  /** How many reports without files are sealed one after another. */
  readonly reports: number;
  /** A large file, read twice as always: for its digest, and to seal it. */
  readonly file: File;
}

/** In milliseconds. */
export interface Times {
  readonly reports: number;
  readonly file: number;
}

const DRAFT: Draft = { title: "Five people taken", description: "They came at night. ".repeat(500), language: "en" };

/** Seals a report, with a file or without. */
type Seal = (attachments: readonly Attachment[], file: Blob) => Promise<void>;

async function sealer(): Promise<Seal> {
  const seed = (byte: number) => new Uint8Array(32).fill(byte);
  const people = await Promise.all([1, 2].map((byte) => AgeIdentity.derive(seed(byte), "coordinator/age")));
  const { recipient } = await AgeIdentity.derive(seed(3), "submitter/age");
  const reply = { recipient, sign: SigningKey.derive(seed(3), "submitter/sign").publicKey.text };
  const to = [1, 2].map((byte) => SigningKey.derive(seed(byte), "coordinator/sign").publicKey.text);
  const routing = { drop: "5f".repeat(16) as DropId, to, reply };
  return async (attachments, file) => {
    const archive = new Archive(buildReport(DRAFT, { ...routing, number: randomNumber() }, attachments), attachments);
    const recipients = await Recipients.of(people.map(({ recipient }) => ({ recipient, chosen: true })));
    const plan = new SealPlan(recipients, archive.length, "report");
    for await (const chunk of plan.seal(archive.chunks(() => chunksOf(file.stream())))) void chunk;
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function run({ reports, file }: Task): Promise<Times> {
  const seal = await sealer();
  const many = async () => {
    for (let done = 0; done < reports; done += 1) await seal([], new Blob());
  };
  const large = async () => {
    const chosen = { originalName: file.name, mediaType: file.type, metadata: "not-checked" } as const;
    await seal([await measure(chosen, chunksOf(file.stream()), [])], file);
  };
  // Once before, for the compiler.
  await seal([], new Blob());
  return { reports: await timed(many), file: await timed(large) };
}

/** The few parts of a worker's global scope that are used here; the compiler knows only those of a page. */
interface Scope {
  postMessage(times: Times | string): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Task>) => void): void;
}

const scope = globalThis as unknown as Scope;
scope.addEventListener("message", ({ data }) => {
  const answer = (said: Times | string) => scope.postMessage(said);
  void run(data).then(answer, (error: unknown) => answer(String(error)));
});
