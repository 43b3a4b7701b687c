/** What the page asks its worker for: all cryptography, all requests and all secrets are there and not here. */

import type { Day } from "@kua/protocol/day.ts";
import type { ObjectId } from "@kua/protocol/ids.ts";
import type { Finding } from "@kua/protocol/metadata/finding.ts";
import type { Why } from "@kua/protocol/refused.ts";
import type { Draft } from "@kua/protocol/report.ts";
import type { Thread } from "@kua/protocol/thread.ts";

/** A text by BCP 47 tag. */
export type Texts = Readonly<Record<string, string>>;

/** A coordinator to whom reports can be sealed today. */
export interface ReaderView {
  /** The signing key, by which a report names its readers. */
  readonly key: string;
  readonly name: string;
  readonly role: string;
}

/** A drop whose roster was verified against the link. */
export interface DropView {
  readonly name: Texts;
  readonly welcome: Texts;
  readonly readers: readonly ReaderView[];
  /** Ten groups of five digits, to be compared with what the person was told. */
  readonly digits: string;
  /** The link itself, for the page on how to come back. */
  readonly link: string;
  /** Days that the drop keeps a report; 0 where it does not tell. */
  readonly keptDays: number;
}

/** A chosen file, as far as it was looked into. */
export interface FileView {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  /** What is hidden in it; nothing for files that cannot be cleaned. */
  readonly hidden: readonly Finding[] | "not-looked-into" | "not-understood";
}

/** A file that goes with the report, and whether what is hidden in it is taken out. */
export interface FileChoice {
  readonly id: number;
  readonly clean: boolean;
}

export interface SentView {
  readonly id: ObjectId;
  readonly day: Day;
  /** The drop's receipt as JSON. */
  readonly receipt: string;
}

export interface Calls {
  /** Asks the drop behind a link for its roster and verifies it. */
  open(link: string): Promise<DropView>;
  /** Makes a codename and begins to derive its keys, which can take a while. */
  begin(): Promise<void>;
  /** The eight words. */
  words(): Promise<readonly string[]>;
  /** Takes a file and looks for what is hidden in it. */
  attach(file: File): Promise<FileView>;
  detach(id: number): Promise<void>;
  /** Seals a report and sends it; `to` are the keys of its readers. */
  submit(draft: Draft, files: readonly FileChoice[], to: readonly string[]): Promise<SentView>;
  /** Comes back with a codename, as typed. */
  enter(typed: string): Promise<Thread>;
  /** Reads the mailbox again. */
  look(): Promise<Thread>;
  /** Deletes replies for ever. */
  remove(ids: readonly ObjectId[]): Promise<void>;
}

/** How far the sending came, in bytes. */
export interface Progress {
  readonly stage: "keys" | "reading" | "sending" | "waiting";
  readonly done: number;
  readonly total: number;
}

export type CallMessage = {
  readonly [Name in keyof Calls]: { readonly number: number; readonly name: Name; readonly args: Parameters<Calls[Name]> };
}[keyof Calls];

export type AnswerMessage =
  | { readonly progress: Progress }
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly refused: RefusedMessage };

/** A `Refused` on its way between two threads. */
export interface RefusedMessage {
  readonly why: Why;
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | readonly string[]>>;
}
