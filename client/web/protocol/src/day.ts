/** A UTC day: the finest time that a drop keeps. */

declare const day: unique symbol;

/** A UTC day between 1970-01-01 and 9999-12-31 as `YYYY-MM-DD`; as text, days sort in their order. */
export type Day = string & { readonly [day]: true };

const MILLISECONDS = 86_400_000;

/** Reads a day that exists; anything else is nothing. */
export function parseDay(text: string): Day | undefined {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) || text < "1970-01-01") return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  // Some engines read the 30th of February as a day in March.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? (text as Day) : undefined;
}

/** The UTC day that this device's clock shows. */
export function today(): Day {
  return new Date().toISOString().slice(0, 10) as Day;
}

/** Days from one day to another; negative when the other is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return (Date.parse(to) - Date.parse(from)) / MILLISECONDS;
}
