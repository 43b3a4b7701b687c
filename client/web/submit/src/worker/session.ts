/** What one visit to the page holds: the drop, the codename, the chosen files. Everything is in memory only. */

import { Codename } from "@kua/protocol/codename.ts";
import { bodyOf, Connection } from "@kua/protocol/connection.ts";
import { today } from "@kua/protocol/day.ts";
import { readDrop, type OpenDrop } from "@kua/protocol/drop.ts";
import type { ObjectId } from "@kua/protocol/ids.ts";
import { DropLink } from "@kua/protocol/link.ts";
import { SubmitterKeys } from "@kua/protocol/mailbox.ts";
import { receiptFromHeader } from "@kua/protocol/receipt.ts";
import { Refused } from "@kua/protocol/refused.ts";
import type { Draft } from "@kua/protocol/report.ts";
import { Mailbox, type Thread } from "@kua/protocol/thread.ts";
import { send } from "@kua/protocol/upload.ts";
import type { Calls, DropView, FileChoice, FileView, Progress, SentView, Texts } from "../calls.ts";
import { ChosenFile } from "./file.ts";
import { prepare } from "./prepare.ts";

/** Most bytes of the answer with the roster. */
const MAX_DROP = 1 << 20;

interface Visit {
  readonly connection: Connection;
  readonly drop: OpenDrop;
}

/** A codename, the keys that come of it, and whether it was used before. */
interface Writer {
  readonly codename: Codename;
  readonly keys: Promise<SubmitterKeys>;
  readonly isNew: boolean;
}

export class Session implements Calls {
  #visit: Visit | undefined;
  #writer: Writer | undefined;
  #files = new Map<number, ChosenFile>();
  #lastFile = 0;

  constructor(private readonly tell: (progress: Progress) => void) {}

  async open(text: string): Promise<DropView> {
    const link = DropLink.parse(text);
    const connection = new Connection(link.origin);
    const answer = await bodyOf(await connection.send({ method: "GET", path: "/v1/drop" }), MAX_DROP);
    const drop = readDrop(answer, link, today());
    const { roster } = drop.roster;
    const readers = drop.roster.sealingKeys(today()).map(({ coordinator: { name, role }, keys }) => {
      return { key: keys.sign.text, name, role };
    });
    if (readers.length === 0) throw new Refused("not-open", "no coordinator has keys in force");
    this.#visit = { connection, drop };
    const texts = (texts: ReadonlyMap<string, string>): Texts => Object.fromEntries(texts);
    const shown = { name: texts(roster.name), welcome: texts(roster.welcome) };
    const keptDays = drop.limits.retentionDays;
    return { ...shown, readers, digits: link.root.digits(), link: link.toString(), keptDays };
  }

  async begin(): Promise<void> {
    if (!this.#writer) this.#derive(Codename.generate(), true);
  }

  async words(): Promise<readonly string[]> {
    return this.#known().codename.words();
  }

  async attach(file: File): Promise<FileView> {
    const chosen = await ChosenFile.lookInto(file);
    this.#lastFile += 1;
    this.#files.set(this.#lastFile, chosen);
    return { id: this.#lastFile, name: file.name, size: file.size, hidden: chosen.hidden };
  }

  async detach(id: number): Promise<void> {
    this.#files.delete(id);
  }

  async submit(draft: Draft, choices: readonly FileChoice[], to: readonly string[]): Promise<SentView> {
    const { connection, drop } = this.#open();
    this.tell({ stage: "keys", done: 0, total: 0 });
    const keys = await this.#known().keys;
    const by = { key: keys.signing, drop: drop.roster.roster.drop };
    const first = this.#known().isNew ? undefined : (await this.#mailbox(keys).sent())[0]?.id;
    const files = choices.flatMap(({ id, clean }) => {
      const file = this.#files.get(id);
      return file ? [file.content(clean)] : [];
    });
    const report = await prepare({ drop, keys, draft, files, to, first }, this.tell);
    const total = report.sealedLength;
    let sent = 0;
    const sending = (stage: "sending" | "waiting") => this.tell({ stage, done: sent, total });
    sending("sending");
    const watch = {
      sent: (bytes: number) => {
        sent = bytes;
        sending("sending");
      },
      waiting: () => sending("waiting"),
    };
    const { field, receipt } = await send({ connection, drop, by }, report, watch);
    this.#files.clear();
    // What is written next belongs to the same thread.
    this.#writer = { ...this.#known(), isNew: false };
    return { id: receipt.report, day: receipt.day, receipt: JSON.stringify(receiptFromHeader(field)) };
  }

  async enter(typed: string): Promise<Thread> {
    // A typing error is named here, before anything is sent.
    this.#derive(Codename.parse(typed), false);
    return this.look();
  }

  async look(): Promise<Thread> {
    return this.#mailbox(await this.#known().keys).read();
  }

  async remove(ids: readonly ObjectId[]): Promise<void> {
    const mailbox = this.#mailbox(await this.#known().keys);
    for (const id of ids) await mailbox.delete(id);
  }

  #derive(codename: Codename, isNew: boolean): void {
    const keys = SubmitterKeys.derive(codename, this.#open().drop.roster.roster.drop);
    // Whoever asks for the keys gets to know; until then nobody waits for them.
    keys.catch(() => undefined);
    this.#writer = { codename, keys, isNew };
  }

  #mailbox(keys: SubmitterKeys): Mailbox {
    const { connection, drop } = this.#open();
    return new Mailbox(connection, drop.roster, keys);
  }

  #open(): Visit {
    if (!this.#visit) throw new Refused("mistake", "no drop was opened");
    return this.#visit;
  }

  #known(): Writer {
    if (!this.#writer) throw new Refused("mistake", "there is no codename");
    return this.#writer;
  }
}
