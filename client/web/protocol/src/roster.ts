/** The roster: who the coordinators of a drop are, signed offline by its root (protocol, "Roster"). */

import { utf8 } from "./bytes.ts";
import { daysBetween, parseDay, type Day } from "./day.ts";
import type { Envelope } from "./dsse.ts";
import { dropId, type Digest, type DropId } from "./ids.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { PublicKey } from "./keys.ts";
import type { RootFingerprint } from "./link.ts";
import { Refused } from "./refused.ts";

/** Most coordinators in a roster. */
export const MAX_COORDINATORS = 16;
const FORMAT = "kua-roster/1";
const MAX_DAYS = 90;
const MAX_NAME = 200;
const MAX_WELCOME = 8 * 1024;
/** `age1pq1`, 1216 bytes in groups of five bits, and a checksum. */
const RECIPIENT = /^age1pq1[a-z0-9]{1952}$/;

/** A text by BCP 47 tag. */
export type Texts = ReadonlyMap<string, string>;

/** When keys are in force: UTC days, both included; without an end while it is open. */
interface Period {
  readonly from: Day;
  readonly until?: Day;
}

/** A receipt key of the drop. */
export interface DropKey extends Period {
  readonly key: PublicKey;
}

export interface CoordinatorKeys extends Period {
  readonly sign: PublicKey;
  /** The age recipient that reports are sealed to. */
  readonly recipient: string;
}

/** A person to whom reports are sealed. Names and roles are the roster's words: text, never markup. */
export interface Coordinator {
  readonly name: string;
  /** May be empty. */
  readonly role: string;
  readonly keys: readonly CoordinatorKeys[];
}

export interface Roster {
  readonly format: string;
  readonly drop: DropId;
  readonly name: Texts;
  /** What a submitter reads first; may be empty. */
  readonly welcome: Texts;
  readonly serial: number;
  readonly issued: Day;
  readonly expires: Day;
  readonly dropKeys: readonly DropKey[];
  readonly coordinators: readonly Coordinator[];
}

/** A roster that the link's root signed and that keeps every rule. Whether it is in date is asked separately. */
export class VerifiedRoster {
  private constructor(
    readonly roster: Roster,
    readonly root: PublicKey,
    readonly digest: Digest,
  ) {}

  /** Refuses as `other-root`, `other-kind`, `bad-signature`, `content` or `invalid`. */
  static verify(envelope: Envelope, root: RootFingerprint): VerifiedRoster {
    if (!root.isOf(envelope.claimedSigner)) {
      throw new Refused("other-root", "the roster is signed by another root than the one that the link names");
    }
    const { content, signer, digest } = envelope.verify("roster", (key) => root.isOf(key));
    const roster = readRoster(content);
    check(roster);
    return new VerifiedRoster(roster, signer, digest);
  }

  /** Refuses as `not-yet` or `expired`, with a day's grace for wrong clocks. */
  checkDate(today: Day): void {
    const { issued, expires } = this.roster;
    if (daysBetween(today, issued) > 1) {
      throw new Refused("not-yet", `the roster begins to hold on ${issued}: is this device's date right?`, { issued });
    }
    if (daysBetween(expires, today) > 1) {
      throw new Refused("expired", `the roster's time ended on ${expires}`, { expires });
    }
  }

  /** Refuses a roster that may not take the place of a known one, as `lower-serial` or `two-truths`. */
  checkFollows(serial: number, digest: Digest): void {
    const found = this.roster.serial;
    if (found < serial) {
      throw new Refused("lower-serial", `the roster has serial ${found}, and ${serial} was seen before`);
    }
    if (found === serial && this.digest !== digest) {
      throw new Refused("two-truths", `two different rosters have the serial ${found}`);
    }
  }

  /** The coordinators to seal to on this day, in roster order, each with the keys in force that end last. */
  sealingKeys(today: Day): { coordinator: Coordinator; keys: CoordinatorKeys }[] {
    return this.roster.coordinators.flatMap((coordinator) => {
      const inForce = coordinator.keys.filter((keys) => isInForce(keys, today));
      if (inForce.length === 0) return [];
      // Of two that end on one day the later in the list, as in the Rust code.
      return { coordinator, keys: inForce.reduce((best, keys) => (end(keys) >= end(best) ? keys : best)) };
    });
  }

  /** The coordinator with this signing key, in force or not. */
  coordinator(sign: PublicKey): Coordinator | undefined {
    return this.roster.coordinators.find(({ keys }) => keys.some((known) => known.sign.text === sign.text));
  }
}

export function isInForce(period: Period, day: Day): boolean {
  return period.from <= day && (period.until === undefined || day <= period.until);
}

function end(period: Period): string {
  return period.until ?? "9999-12-31";
}

/** Reads the form; anything missing or of another kind is `content`. */
function readRoster(content: JsonObject): Roster {
  const serial = content["serial"];
  return {
    format: need(readText(content["format"]), "format"),
    drop: need(typeof content["drop"] === "string" ? dropId(content["drop"]) : undefined, "drop"),
    name: readTexts(content["name"], "name"),
    welcome: content["welcome"] === undefined ? new Map() : readTexts(content["welcome"], "welcome"),
    serial: need(typeof serial === "number" && Number.isInteger(serial) && serial >= 0 ? serial : undefined, "serial"),
    issued: need(readDay(content["issued"]), "issued"),
    expires: need(readDay(content["expires"]), "expires"),
    dropKeys: readList(content["drop_key"], "drop_key", (item) => ({
      key: need(readKey(item["key"]), "drop_key.key"),
      ...readPeriod(item),
    })),
    coordinators: readList(content["coordinators"], "coordinators", (item) => ({
      name: need(readText(item["name"]), "coordinators.name"),
      role: item["role"] === undefined ? "" : need(readText(item["role"]), "coordinators.role"),
      keys: readList(item["keys"], "coordinators.keys", (keys) => ({
        sign: need(readKey(keys["sign"]), "coordinators.keys.sign"),
        recipient: need(readRecipient(keys["recipient"]), "coordinators.keys.recipient"),
        ...readPeriod(keys),
      })),
    })),
  };
}

function readPeriod(item: JsonObject): Period {
  const from = need(readDay(item["from"]), "from");
  const until = item["until"];
  return until === undefined || until === null ? { from } : { from, until: need(readDay(until), "until") };
}

function readList<T>(value: Json | undefined, field: string, read: (item: JsonObject) => T): T[] {
  const items = need(Array.isArray(value) ? (value as readonly Json[]) : undefined, field);
  return items.map((item) => read(need(isObject(item) ? item : undefined, field)));
}

function readTexts(value: Json | undefined, field: string): Texts {
  const texts = need(isObject(value) ? value : undefined, field);
  return new Map(Object.entries(texts).map(([tag, text]) => [tag, need(readText(text), field)]));
}

function readText(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function readDay(value: Json | undefined): Day | undefined {
  return typeof value === "string" ? parseDay(value) : undefined;
}

function readKey(value: Json | undefined): PublicKey | undefined {
  return typeof value === "string" ? PublicKey.parse(value) : undefined;
}

function readRecipient(value: Json | undefined): string | undefined {
  return typeof value === "string" && RECIPIENT.test(value) ? value : undefined;
}

function need<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new Refused("content", `the roster's field ${field} is missing or not of its form`);
  return value;
}

/** Checks what the form cannot say. */
function check(roster: Roster): void {
  rule(roster.format === FORMAT, `its format is not ${FORMAT}`);
  rule(roster.serial >= 1, "its serial is not 1 or more");
  const days = daysBetween(roster.issued, roster.expires);
  rule(days >= 0 && days <= MAX_DAYS, `it would hold for ${days} days; at most ${MAX_DAYS}`);
  rule(roster.name.size > 0, "the drop has no name");
  for (const [tag, text] of roster.name) checkName(text, `the drop's name (${tag})`);
  for (const [tag, text] of roster.welcome) {
    rule(utf8(text).length <= MAX_WELCOME, `the welcome (${tag}) has over ${MAX_WELCOME} bytes`);
  }
  rule(roster.dropKeys.length > 0, "it names no key of the drop");
  const count = roster.coordinators.length;
  rule(count >= 1 && count <= MAX_COORDINATORS, `it names ${count} coordinators; 1 to ${MAX_COORDINATORS}`);
  const seen = new Set<string>();
  const isNew = (thing: string) => !seen.has(thing) && seen.add(thing) !== undefined;
  for (const { name, role, keys } of roster.coordinators) {
    checkName(name, "a coordinator's name");
    if (role !== "") checkName(role, `the role of ${name}`);
    rule(isNew(`name ${name}`), `two coordinators are called ${name}`);
    rule(keys.length > 0, `${name} has no keys`);
    for (const { sign, recipient, from, until } of keys) {
      rule(until === undefined || from <= until, `keys of ${name} end before they begin`);
      rule(isNew(`sign ${sign.text}`) && isNew(`recipient ${recipient}`), `a key of ${name} stands twice`);
    }
  }
}

/** A name is not empty, not longer than the limit and has no control characters. */
function checkName(text: string, what: string): void {
  rule(!/^\p{White_Space}*$/u.test(text), `${what} is empty`);
  rule(utf8(text).length <= MAX_NAME, `${what} has over ${MAX_NAME} bytes`);
  rule(!/\p{Cc}/u.test(text), `${what} holds a control character`);
}

function rule(holds: boolean, broken: string): void {
  if (!holds) throw new Refused("invalid", `the roster is not valid: ${broken}`);
}
