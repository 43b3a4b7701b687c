/** Trying again: one policy for every request that sends something (protocol, "Trying again"). */

import { Refused } from "./refused.ts";

/** Whether a request that failed is sent again: it passes, it is tried a few times, or it would fail again. */
export type Retry = "wait" | "few" | "never";

/** The first and the longest pause between two tries, in milliseconds. */
export const PAUSES = [500, 30_000] as const;
/** Milliseconds without progress after which sending is given up. */
export const PATIENCE = 2 * 3_600_000;
/** Times in a row that a drop may fail before it is believed. */
export const MOST_FAILURES = 3;
/** Bytes of the smallest and of the largest portion of an upload. */
export const PORTIONS = [64 << 10, 8 << 20] as const;

/** Problems of a drop that pass. All others stay, but for `internal`. */
const PASSING = ["other-body", "other-offset", "upload-taken", "other-checksum", "timed-out", "busy", "no-space"];

/** Whether what a drop refused may be sent again as it is. */
export function retryOfProblem(kind: string): Retry {
  if (kind === "internal") return "few";
  return PASSING.includes(kind) ? "wait" : "never";
}

/** What an answer without a problem of ours means: something between page and drop gave it. */
export function retryOfStatus(status: number): Retry {
  const passes = [408, 413, 423, 429].includes(status) || (status >= 300 && status < 400) || status >= 500;
  return passes ? "wait" : "never";
}

/** Portions in a row that have to get through until the next one is twice as large. */
export const SUCCESSES_UNTIL_LARGER = 4;

/** The size of an upload's portions, by what the line bears. */
export class PortionSize {
  #bytes: number = PORTIONS[1];
  #successes = 0;

  /** Bytes of the next portion. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A smaller portion may get through where this one did not. */
  failed(): void {
    this.#bytes = Math.max(this.#bytes / 2, PORTIONS[0]);
    this.#successes = 0;
  }

  /** What just failed would fail again: it grows once portions have got through several times. */
  succeeded(): void {
    this.#successes += 1;
    if (this.#successes < SUCCESSES_UNTIL_LARGER) return;
    this.#bytes = Math.min(this.#bytes * 2, PORTIONS[1]);
    this.#successes = 0;
  }
}

/** Tries in a row that brought nothing. */
export class Tries {
  #since = Date.now();
  #pause: number = PAUSES[0];
  #failures = 0;

  /** Gives up after so many milliseconds without success. */
  constructor(private readonly patience: number = PATIENCE) {}

  /** Something came of it: it counts from here again. */
  succeeded(): void {
    this.#since = Date.now();
    this.#pause = PAUSES[0];
    this.#failures = 0;
  }

  /** Waits, never as long as others who were cut at the same moment; throws the error where that is of no use. */
  async pause(error: unknown, waiting: () => void): Promise<void> {
    const retry = retryOf(error);
    if (retry === "few") this.#failures += 1;
    const isOver = Date.now() - this.#since > this.patience || this.#failures >= MOST_FAILURES;
    if (retry === "never" || isOver) throw error;
    waiting();
    const [jitter = 0] = crypto.getRandomValues(new Uint8Array(1));
    const pause = this.#pause / 2 + (this.#pause * jitter) / 255;
    await new Promise((resolve) => setTimeout(resolve, pause));
    this.#pause = Math.min(this.#pause * 2, PAUSES[1]);
  }
}

function retryOf(error: unknown): Retry {
  if (!(error instanceof Refused)) return "never";
  if (error.why === "unreachable") return "wait";
  if (error.why !== "problem") return "never";
  const { kind, status } = error.details;
  if (typeof kind === "string" && kind !== "") return retryOfProblem(kind);
  return typeof status === "number" ? retryOfStatus(status) : "never";
}
