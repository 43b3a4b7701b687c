/** What the person has written so far, and the report that comes of it. It lives in memory only. */

import { VOCABULARIES, type Act, type PartOfDay, type Perpetrator, type Severity, type Victim } from "@kua/protocol/report.generated.ts";
import { precisionOf, type Draft } from "@kua/protocol/report.ts";

export { VOCABULARIES };

/** Each answer as it was typed or chosen; empty where it was left open. */
export interface Form {
  readonly what: string;
  readonly title: string;
  readonly year: string;
  readonly month: string;
  readonly day: string;
  /** The date is a guess. */
  readonly about: boolean;
  readonly partOfDay: PartOfDay | "";
  readonly place: string;
  readonly acts: readonly Act[];
  readonly victim: Victim["kind"] | "";
  readonly victimRole: string;
  readonly perpetrator: Perpetrator["type"] | "";
  readonly perpetratorDescription: string;
  readonly severity: Severity | "";
}

export const EMPTY: Form = {
  what: "",
  title: "",
  year: "",
  month: "",
  day: "",
  about: false,
  partOfDay: "",
  place: "",
  acts: [],
  victim: "",
  victimRole: "",
  perpetrator: "",
  perpetratorDescription: "",
  severity: "",
};

/** Letters of the text that become its title when none was written. */
const TITLE = 80;

/** The date as far as it is known, such as `2026-03`; empty when none was given, nothing when it is no date. */
export function dateOf({ year, month, day }: Form): string | undefined {
  const [y, m, d] = [digits(year), digits(month).padStart(2, "0"), digits(day).padStart(2, "0")];
  const given = [year, month, day].map((part) => part.trim() !== "");
  if (!given[0]) return given[1] || given[2] ? undefined : "";
  if (given[2] && !given[1]) return undefined;
  const date = [y, ...(given[1] ? [m] : []), ...(given[2] ? [d] : [])].join("-");
  return precisionOf(date) ? date : undefined;
}

/** Digits of any script as 0 to 9. */
function digits(typed: string): string {
  return typed.trim().replace(/\p{Nd}/gu, (digit) => {
    let zero = digit.codePointAt(0) ?? 0;
    // Digits stand in rows of ten; the row begins after something that is no digit, or after another row's nine.
    let value = 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) {
      zero -= 1;
      value += 1;
    }
    return String(value);
  });
}

/** The title, or the beginning of the text. */
export function titleOf({ title, what }: Form): string {
  const line = title.trim() || (what.trim().split("\n")[0] ?? "");
  return Array.from(line).slice(0, title.trim() ? undefined : TITLE).join("");
}

/** The event as the report has it. What was left open is not there. */
export function toDraft(form: Form, language: string): Draft {
  const date = dateOf(form) || undefined;
  const precision = date && (form.about ? "estimate" : precisionOf(date));
  const partOfDay = date && precisionOf(date) === "day" ? form.partOfDay : "";
  const place = form.place.trim();
  const role = form.victimRole.trim();
  const description = form.perpetratorDescription.trim();
  // A description without a kind is worth keeping all the same.
  const perpetrator = form.perpetrator || (description && "unknown");
  const victim = form.victim || (role && "individual");
  return {
    title: titleOf(form),
    description: form.what.trim(),
    language,
    ...(date && precision
      ? { occurred: { from: date, precision, ...(partOfDay ? { part_of_day: partOfDay } : {}) } }
      : {}),
    ...(place ? { place: { name: place } } : {}),
    ...(form.acts.length > 0 ? { acts: [...form.acts] } : {}),
    ...(victim ? { victims: [{ kind: victim, ...(role ? { role } : {}) }] } : {}),
    ...(perpetrator ? { perpetrators: [{ type: perpetrator, ...(description ? { description } : {}) }] } : {}),
    ...(form.severity ? { severity: form.severity } : {}),
  };
}
