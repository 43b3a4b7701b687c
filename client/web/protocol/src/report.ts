/** `report.json` of format `kua-report/1`: the event, where it goes, how to answer, and what comes with it. */

import { toHex, utf8, type Bytes } from "./bytes.ts";
import { foldName, isName } from "./name.ts";
import { Refused } from "./refused.ts";
import type { Attachment, KuaReport1, Occurred, Place } from "./report.generated.ts";
import { MAX_COORDINATORS } from "./roster.ts";

/** The most text that a report may hold: the UTF-8 bytes of all its strings together. */
export const TEXT_LIMIT = 64 * 1024;
const JSON_LIMIT = 1024 * 1024;
/** RFC 9110 tokens; parameters carry nothing that a coordinator needs. */
const MEDIA_TYPE = /^(?=.{1,127}$)[A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+-]+$/;
/** The shape of a BCP 47 tag (RFC 5646, section 2.1), without its registry. */
const LANGUAGE = /^(?=.{1,35}$)[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;

/** Where a report goes and how to answer it: what the client adds to what the person wrote. */
export type Routing = Pick<KuaReport1, "number" | "drop" | "to" | "reply" | "thread">;
/** The event as the person wrote it. */
export type Draft = Omit<KuaReport1, keyof Routing | "format" | "attachments">;

/** A report's own random number: no two reports are the same bytes. */
export function randomNumber(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}

/**
 * Writes report.json, after every check that its readers make.
 *
 * Refuses as `missing` or `field` (`field`), `name`, `too-much-text` (`bytes`, `limit`) or `too-large`.
 */
export function buildReport(draft: Draft, routing: Routing, attachments: readonly Attachment[]): Bytes {
  checkText(draft);
  checkEvent(draft);
  checkRouting(routing);
  checkAttachments(attachments);
  const { number, drop, to, reply, thread } = routing;
  const files = attachments.length > 0 ? { attachments } : {};
  const report = { format: "kua-report/1", number, drop, to, reply, ...(thread ? { thread } : {}), ...files, ...draft };
  // Half a character, as an emoji cut in two leaves behind, would be no JSON to its readers.
  const whole = (_: string, value: unknown) =>
    typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value;
  const bytes = utf8(JSON.stringify(report, whole));
  if (bytes.length > JSON_LIMIT) throw new Refused("too-large", "report.json is too large");
  return bytes;
}

function checkText(draft: Draft): void {
  const bytes = textLength(draft);
  if (bytes > TEXT_LIMIT) {
    const message = `there are ${bytes} bytes of text; a report takes at most ${TEXT_LIMIT}`;
    throw new Refused("too-much-text", message, { bytes, limit: TEXT_LIMIT });
  }
}

function textLength(value: unknown): number {
  if (typeof value === "string") return utf8(value).length;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, part: unknown) => sum + textLength(part), 0);
}

function checkEvent(draft: Draft): void {
  for (const field of ["title", "description"] as const) {
    if (/^\p{White_Space}*$/u.test(draft[field])) throw new Refused("missing", `${field} is missing`, { field });
  }
  demand(draft.language == null || LANGUAGE.test(draft.language), "language");
  if (draft.occurred) checkOccurred(draft.occurred);
  if (draft.place) checkPlace(draft.place);
  for (const { age, count } of draft.victims ?? []) {
    demand(age == null || isWhole(age, 0, 255), "victims.age");
    demand(count == null || isWhole(count, 1, 2 ** 32 - 1), "victims.count");
  }
  for (const { count } of draft.perpetrators ?? []) {
    demand(count == null || isWhole(count, 1, 2 ** 32 - 1), "perpetrators.count");
  }
}

function checkOccurred({ from, to, precision, part_of_day }: Occurred): void {
  const known = precisionOf(from);
  demand(known !== undefined, "occurred.from");
  demand(precision === "estimate" || precision === known, "occurred.precision");
  demand(to == null || (precisionOf(to) === known && to >= from), "occurred.to");
  demand(part_of_day == null || known === "day", "occurred.part_of_day");
}

/** How much of `2010-10-11`, `2010-10` or `2010` is known; nothing when it is no such date. */
export function precisionOf(date: string): "day" | "month" | "year" | undefined {
  if (!/^[0-9]{4}(-[0-9]{2}){0,2}$/.test(date)) return undefined;
  const whole = date + "-01-01".slice(date.length - 4);
  const time = new Date(`${whole}T00:00:00Z`);
  // Some engines read the 30th of February as a day in March.
  if (Number.isNaN(time.getTime()) || !time.toISOString().startsWith(whole)) return undefined;
  return date.length === 4 ? "year" : date.length === 7 ? "month" : "day";
}

function checkPlace({ country, lat, lon }: Place): void {
  demand(country == null || /^[A-Z]{2}$/.test(country), "place.country");
  demand((lat == null) === (lon == null), "place.lat");
  demand(lat == null || Math.abs(lat) <= 90, "place.lat");
  demand(lon == null || Math.abs(lon) <= 180, "place.lon");
}

function checkRouting({ to }: Routing): void {
  demand(to.length >= 1 && to.length <= MAX_COORDINATORS && new Set(to).size === to.length, "to");
}

function checkAttachments(attachments: readonly Attachment[]): void {
  for (const { name, media_type, size } of attachments) {
    if (!isName(name)) throw new Refused("name", "an attachment's name is not safe on every system", { name });
    demand(MEDIA_TYPE.test(media_type), "attachments.media_type");
    demand(isWhole(size, 0, Number.MAX_SAFE_INTEGER), "attachments.size");
  }
  if (new Set(attachments.map(({ name }) => foldName(name))).size < attachments.length) {
    throw new Refused("name", "two attachments have names that some system could not keep apart");
  }
}

function isWhole(number: number, least: number, most: number): boolean {
  return Number.isInteger(number) && number >= least && number <= most;
}

function demand(holds: boolean, field: string): void {
  if (!holds) throw new Refused("field", `the field ${field} is not right`, { field });
}
