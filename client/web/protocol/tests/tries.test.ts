import { expect, test, vi } from "vitest";

import { Refused } from "../src/refused.ts";
import {
  MOST_FAILURES,
  PATIENCE,
  PAUSES,
  PORTIONS,
  PortionSize,
  SUCCESSES_UNTIL_LARGER,
  Tries,
  retryOfProblem,
  retryOfStatus,
  type Retry,
} from "../src/tries.ts";
import { vectors } from "./vectors.ts";

const behaviour = vectors<{
  pauses_ms: { first: number; longest: number };
  patience_seconds: number;
  most_failures: number;
  portions: { least: number; most: number; successes_until_larger: number };
  problems: Record<string, Retry>;
  statuses: Record<string, Retry>;
  sizes: { after: string; bytes: number }[];
}>("behaviour/retry.json");

test("what is tried again, and for how long, is the same in both languages", () => {
  expect(PAUSES).toEqual([behaviour.pauses_ms.first, behaviour.pauses_ms.longest]);
  expect(PATIENCE).toBe(behaviour.patience_seconds * 1000);
  expect(MOST_FAILURES).toBe(behaviour.most_failures);
  for (const [kind, retry] of Object.entries(behaviour.problems)) expect(retryOfProblem(kind), kind).toBe(retry);
  for (const [status, retry] of Object.entries(behaviour.statuses)) {
    expect(retryOfStatus(Number(status)), status).toBe(retry);
  }
});

test("portions are halved after a failure and doubled after some successes", () => {
  const { least, most, successes_until_larger: successes } = behaviour.portions;
  expect([...PORTIONS, SUCCESSES_UNTIL_LARGER]).toEqual([least, most, successes]);
  for (const { after, bytes } of behaviour.sizes) {
    const size = new PortionSize();
    for (const what of after) {
      if (what === "s") size.succeeded();
      else size.failed();
    }
    expect(size.bytes, after).toBe(bytes);
  }
});

test("a drop that fails is believed the third time, and a full one is waited for", async () => {
  vi.useFakeTimers();
  try {
    const problem = (kind: string, status: number) => new Refused("problem", kind, { kind, status });
    const pause = async (tries: Tries, error: Refused) => {
      const waited = tries.pause(error, () => undefined).then(
        () => "waited",
        () => "threw",
      );
      await vi.advanceTimersByTimeAsync(PAUSES[1] * 2);
      return waited;
    };
    const failing = new Tries();
    for (const expected of ["waited", "waited", "threw"]) {
      expect(await pause(failing, problem("internal", 500))).toBe(expected);
    }
    const full = new Tries();
    for (let n = 0; n < 20; n += 1) expect(await pause(full, problem("no-space", 507))).toBe("waited");
    expect(await pause(new Tries(), problem("", 503))).toBe("waited");
    expect(await pause(new Tries(), problem("mailbox-full", 429))).toBe("threw");
  } finally {
    vi.useRealTimers();
  }
});
