/** The codename: a submitter's only secret, as eight words that she can write down or learn by heart. */

import { sha256 } from "@noble/hashes/sha2.js";
import { wordlist } from "@scure/bip39/wordlists/english.js";

import { argon2id, type Cost } from "./argon2id.ts";
import { concat, fromHex, toHex, utf8 } from "./bytes.ts";
import type { DropId } from "./ids.ts";
import { Refused } from "./refused.ts";

const ENTROPY = 10;
const WORDS = 8;
/** Letters that suffice to tell any two words of the list apart. */
const PREFIX = 4;
const COST: Cost = { memory: 19 * 1024, passes: 2, lanes: 1 };

const places = new Map(wordlist.map((word, place) => [word, place]));
const prefixes = new Map(wordlist.map((word, place) => [word.slice(0, PREFIX), place]));

/** 80 random bits (protocol, "Codename"). It shows nothing when it is printed or turned into JSON. */
export class Codename {
  readonly #entropy: Uint8Array;

  private constructor(entropy: Uint8Array) {
    this.#entropy = entropy;
  }

  static generate(): Codename {
    return new Codename(crypto.getRandomValues(new Uint8Array(ENTROPY)));
  }

  /**
   * Reads what a person typed: in any case and form of Unicode, with whatever is no letter between the words, numbered or
   * not, each whole or as its first four letters, on a keyboard that was left on Cyrillic, too.
   *
   * Refuses as `word-count` (`found`), then `unknown-word` (`position`, `typed`, `suggestions`), then `checksum`.
   */
  static parse(text: string): Codename {
    const parts = lowerCase(text.normalize("NFKC")).split(/[^\p{Alphabetic}\p{N}]+/u);
    const words = parts.map((word) => word.replace(/^\p{N}+/u, "")).filter((word) => word !== "");
    if (words.length !== WORDS) {
      const message = `a codename has ${WORDS} words, and this has ${words.length}`;
      throw new Refused("word-count", message, { found: words.length });
    }
    const bits = words.reduce((bits, word, at) => (bits << 11n) | BigInt(placeOf(word, at + 1)), 0n);
    const bytes = fromHex(bits.toString(16).padStart(2 * (ENTROPY + 1), "0"), ENTROPY + 1) ?? new Uint8Array();
    const entropy = bytes.slice(0, ENTROPY);
    if (bytes[ENTROPY] !== checkByte(entropy)) {
      throw new Refused("checksum", "these words do not belong together: one is wrong, or two have changed places");
    }
    return new Codename(entropy);
  }

  /** The eight words, for the moments in which the person is to see them. */
  words(): string[] {
    const bits = BigInt(`0x${toHex(concat(this.#entropy, Uint8Array.of(checkByte(this.#entropy))))}`);
    return Array.from({ length: WORDS }, (_, n) => {
      const shift = BigInt(11 * (WORDS - 1 - n));
      return wordlist[Number((bits >> shift) & 0x7ffn)] ?? "";
    });
  }

  /** The root of this submitter's keys at one drop, 32 bytes: Argon2id, salted with the drop's id. Slow. */
  root(drop: DropId): Promise<Uint8Array> {
    const salt = sha256(concat(utf8("kua/v1/codename"), fromHex(drop, 16) ?? new Uint8Array())).slice(0, 16);
    return argon2id(this.#entropy, salt, COST);
  }

  /** Wipes the secret; what was derived from it stays. */
  forget(): void {
    this.#entropy.fill(0);
  }
}

/** The first byte of SHA-256("kua/v1/check" ‖ the ten bytes). */
function checkByte(entropy: Uint8Array): number {
  return sha256(concat(utf8("kua/v1/check"), entropy))[0] ?? 0;
}

/** Letter by letter: as a whole, a word's last sigma would become another letter. */
function lowerCase(text: string): string {
  return Array.from(text, (char) => char.toLowerCase()).join("");
}

/** The keys of the letters a to z on a keyboard that is set to Russian; the Ukrainian і lies where ы does. */
const CYRILLIC = [..."фисвуапршолдьтщзйкыегмцчня"];

/** What the same keys write on a keyboard that is set to Latin letters; nothing for a word that has other letters. */
function latin(word: string): string {
  const keys = Array.from(word, (letter) => CYRILLIC.indexOf(letter === "і" ? "ы" : letter));
  return keys.includes(-1) ? "" : String.fromCharCode(...keys.map((key) => 0x61 + key));
}

/** A word's place in the list, by the whole word or by exactly its first four letters. */
function placeOf(typed: string, position: number): number {
  for (const word of [typed, latin(typed)]) {
    const place = places.get(word) ?? (word.length === PREFIX ? prefixes.get(word) : undefined);
    if (place !== undefined) return place;
  }
  const suggestions = nearestWords(typed);
  throw new Refused("unknown-word", `word ${position} is not a word of any codename`, { position, typed, suggestions });
}

/** Up to three words that are at most two letters away, best first. */
function nearestWords(typed: string): string[] {
  const farthest = 2;
  // No word has more than eight letters, so that more than eleven say nothing new.
  const letters = [...typed].slice(0, 11);
  return wordlist
    .map((word) => ({ word, far: distance(letters, word) }))
    .filter(({ far }) => far <= farthest)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ word }) => word);
}

/** Letters to add, drop, change or swap with the next one (optimal string alignment). */
function distance(typed: readonly string[], word: string): number {
  let before: number[] = [];
  let above = Array.from({ length: word.length + 1 }, (_, at) => at);
  const at = (row: readonly number[], column: number) => row[column] ?? Infinity;
  for (let i = 1; i <= typed.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= word.length; j += 1) {
      const changed = at(above, j - 1) + (typed[i - 1] === word[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1];
      row.push(Math.min(changed, at(above, j) + 1, at(row, j - 1) + 1, swapped ? at(before, j - 2) + 1 : Infinity));
    }
    [before, above] = [above, row];
  }
  return at(above, word.length);
}
