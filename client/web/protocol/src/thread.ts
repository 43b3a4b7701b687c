/** What a submitter and the coordinators wrote to each other, as the submitter's codename finds it. */

import { bodyOf, isProblem, jsonOf, type Connection } from "./connection.ts";
import { parseDay, type Day } from "./day.ts";
import { objectId, objectIdOf, type ObjectId } from "./ids.ts";
import { isObject, type Json } from "./json.ts";
import type { SubmitterKeys } from "./mailbox.ts";
import { Refused, type Why } from "./refused.ts";
import { openReply, type Reply } from "./reply.ts";
import type { VerifiedRoster } from "./roster.ts";

/** Most bytes of a sealed reply: a file, and generous room for the rest. */
const MAX_REPLY = 20 << 20;
/** A made-up number must not make a list without end. */
const MAX_GAPS = 100;

/** A row of a mailbox's listings. */
export interface Row {
  readonly id: ObjectId;
  readonly day: Day;
  /** Sealed, in bytes. */
  readonly size: number;
}

/** Everything in one mailbox. */
export interface Thread {
  /** What was sent, by day and id. */
  readonly sent: readonly (Row & { readonly opened: boolean })[];
  /** What was answered, by number. */
  readonly replies: readonly (Reply & { readonly id: ObjectId })[];
  /** What the drop serves as replies and is none for this mailbox. */
  readonly refused: readonly { readonly id: ObjectId; readonly why: Why }[];
  /** Numbers of replies that are missing before the last. */
  readonly gaps: readonly number[];
  /** Numbers that stand twice. */
  readonly doubles: readonly number[];
}

/** The mailbox of one submitter at one drop. */
export class Mailbox {
  constructor(
    private readonly connection: Connection,
    private readonly roster: VerifiedRoster,
    private readonly keys: SubmitterKeys,
  ) {}

  /** What was sent from here; nothing from a mailbox that the drop does not know. */
  sent(): Promise<Row[]> {
    return this.#list("reports", "report_id");
  }

  /** Reads everything. What is no coordinator's reply to this mailbox is refused and named, and the rest is shown. */
  async read(): Promise<Thread> {
    const sent = await this.sent();
    const replies: (Reply & { id: ObjectId })[] = [];
    const refused: { id: ObjectId; why: Why }[] = [];
    for (const { id } of await this.#list("messages", "message_id")) {
      const sealed = await this.#message(id);
      try {
        const place = { roster: this.roster, mailbox: this.keys.mailbox };
        replies.push({ ...(await openReply(sealed, this.keys.identity, place)), id });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refused.push({ id, why: error.why });
      }
    }
    replies.sort((one, other) => one.number - other.number || (one.id < other.id ? -1 : 1));
    const opened = new Set(replies.filter(({ kind }) => kind === "acknowledgement").map(({ report }) => report));
    return {
      sent: sent.map((row) => ({ ...row, opened: opened.has(row.id) })),
      replies,
      refused,
      ...gapsAndDoubles(replies.map(({ number }) => number)),
    };
  }

  /** Deletes a reply for ever. */
  async delete(id: ObjectId): Promise<void> {
    await this.#ask("DELETE", `messages/${id}`);
  }

  async #message(id: ObjectId): Promise<Uint8Array> {
    const bytes = await bodyOf(await this.#ask("GET", `messages/${id}`), MAX_REPLY);
    if (objectIdOf(bytes) !== id) throw new Refused("dishonest", "what the drop serves as a reply is something else");
    return bytes;
  }

  /** A listing, which has to go forward by day and id. */
  async #list(what: "reports" | "messages", idField: string): Promise<Row[]> {
    let page: Json;
    try {
      page = await jsonOf(await this.#ask("GET", what));
    } catch (error) {
      if (isProblem(error, "not-found")) return [];
      throw error;
    }
    const items = isObject(page) ? page[what] : undefined;
    if (!Array.isArray(items)) throw new Refused("malformed", "the drop's list is of another form");
    const rows = (items as readonly Json[]).map((item) => readRow(item, idField));
    const places = rows.map(({ day, id }) => `${day} ${id}`);
    if (places.some((place, at) => at > 0 && (places[at - 1] ?? "") >= place)) {
      throw new Refused("dishonest", "the drop's list is not in order, or shows something twice");
    }
    return rows;
  }

  #ask(method: "GET" | "DELETE", what: string): Promise<Response> {
    const { signing, mailbox } = this.keys;
    const by = { key: signing, drop: this.roster.roster.drop };
    return this.connection.signed({ method, path: `/v1/mailboxes/${mailbox}/${what}` }, by);
  }
}

function readRow(item: Json, idField: string): Row {
  if (isObject(item)) {
    const { [idField]: idText, day: dayText, size } = item;
    const id = typeof idText === "string" ? objectId(idText) : undefined;
    const day = typeof dayText === "string" ? parseDay(dayText) : undefined;
    if (id && day && typeof size === "number") return { id, day, size };
  }
  throw new Refused("malformed", "a row of the drop's list is of another form");
}

/** Of numbers in their order, counted from 1. */
export function gapsAndDoubles(numbers: readonly number[]): { gaps: number[]; doubles: number[] } {
  const gaps: number[] = [];
  const doubles: number[] = [];
  let last = 0;
  for (const number of numbers) {
    if (number === last) doubles.push(number);
    for (let gap = last + 1; gap < number && gap <= last + MAX_GAPS; gap += 1) gaps.push(gap);
    last = number;
  }
  return { gaps, doubles };
}
