/** The fields of signed statements: each is of its form, or nothing. */

import type { Json } from "./json.ts";

/** A text. */
export function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** What a text stands for: an id, a day, a key. */
export function textAs<T>(value: Json | undefined, read: (text: string) => T | undefined): T | undefined {
  return typeof value === "string" ? read(value) : undefined;
}

/** A word of a list. */
export function oneOf<T extends string>(words: readonly T[], value: Json | undefined): T | undefined {
  return words.find((word) => word === value);
}

/** A number that counts something: 0 or more, exact. */
export function whole(value: Json | undefined): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Yes or no. */
export function flag(value: Json | undefined): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** A field that may be left out or null, which is the same. */
export function orNull<T>(value: Json | undefined, read: (value: Json) => T | undefined): T | null | undefined {
  return value === undefined || value === null ? null : read(value);
}

/** A list of which every part could be read. */
export function listOf<T>(value: Json | undefined, read: (item: Json) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = (value as readonly Json[]).map(read);
  return items.every((item) => item !== undefined) ? items : undefined;
}

/** The fields together, once every one of them could be read. */
export function all<T extends object>(fields: { readonly [Field in keyof T]: T[Field] | undefined }): T | undefined {
  return Object.values(fields).includes(undefined) ? undefined : (fields as T);
}
