/** Trying again when the line breaks: later every time, and not for ever. */

import { Refused } from "./refused.ts";

/** The first and the longest pause between two tries, in milliseconds. */
const PAUSES = [500, 30_000] as const;
/** A drop that says so often in a row that it failed will not do better. */
const MOST_FAILURES = 2;
/** Problems of the drop that are over in a while. */
const PASSING = ["timed-out", "other-body", "other-offset", "upload-taken", "other-checksum"];
const STAYING = ["no-space", "damaged", "not-open"];

/** Tries in a row that brought nothing. */
export class Tries {
  #since = Date.now();
  #pause: number = PAUSES[0];
  #failures = 0;

  /** Gives up after so many milliseconds without success. */
  constructor(private readonly patience: number) {}

  /** Something came of it: it counts from here again. */
  succeeded(): void {
    this.#since = Date.now();
    this.#pause = PAUSES[0];
    this.#failures = 0;
  }

  /** Waits, never as long as others who were cut at the same moment; throws the error where that is of no use. */
  async pause(error: unknown, waiting: () => void): Promise<void> {
    if (error instanceof Refused && error.details["kind"] === "internal") this.#failures += 1;
    if (!passes(error) || Date.now() - this.#since > this.patience || this.#failures > MOST_FAILURES) throw error;
    waiting();
    const [jitter = 0] = crypto.getRandomValues(new Uint8Array(1));
    const pause = this.#pause / 2 + (this.#pause * jitter) / 255;
    await new Promise((resolve) => setTimeout(resolve, pause));
    this.#pause = Math.min(this.#pause * 2, PAUSES[1]);
  }
}

/** Whether an error may be over in a while. */
function passes(error: unknown): boolean {
  if (!(error instanceof Refused)) return false;
  if (error.why === "unreachable") return true;
  if (error.why !== "problem") return false;
  const { kind, status } = error.details;
  if (PASSING.includes(String(kind))) return true;
  return typeof status === "number" && status >= 500 && !STAYING.includes(String(kind));
}
