/**
 * Leaving at once: the screen is covered, the worker and all that was written are gone, and neither Back nor Forward
 * shows the page again.
 */

import type { Client } from "./client.ts";

/** The drop's own address that clears what a browser may have kept, and shows nothing. */
const LEAVE = "/leave";
/** How long the browser may take to step back in its history, in milliseconds. */
const PATIENCE = 300;

let leaving = false;

/** Ends everything. What is still on the screen is covered before anything else happens. */
export function leaveNow(client: Client): void {
  if (leaving) return;
  leaving = true;
  document.body.replaceChildren();
  document.title = "";
  client.end();
  const fromFile = location.protocol === "file:";
  const away = () => location.replace(fromFile ? "about:blank" : LEAVE);
  if (!isGuarded() || fromFile) {
    away();
    return;
  }
  // Both places of the history that are this page's become the other address.
  history.replaceState(null, "", LEAVE);
  addEventListener("popstate", away, { once: true });
  setTimeout(away, PATIENCE);
  history.back();
}

const GUARD = "question";

function isGuarded(): boolean {
  return history.state === GUARD;
}

/**
 * Lets the browser's Back go one question back instead of leaving the page.
 *
 * The history gets one place more and not one for each question: leaving has to be able to take them away.
 */
export function guardBack(back: () => boolean): () => void {
  const onBack = () => {
    // The first question has nothing before it: there Back leaves, as everywhere.
    if (!leaving && back()) history.pushState(GUARD, "");
  };
  addEventListener("popstate", onBack);
  return () => removeEventListener("popstate", onBack);
}

/** Puts the place more into the history, once the person has begun. */
export function beginGuard(): void {
  if (!isGuarded()) history.pushState(GUARD, "");
}

/** Within so many milliseconds the key has to be pressed again. */
const BETWEEN = 5_000;
export const PRESSES = 3;

/** Counts presses of Shift alone. `pressed` is told how many there are; other keys begin anew. */
export function countShift(pressed: (times: number) => void): () => void {
  let times = 0;
  let alone = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const set = (next: number) => {
    clearTimeout(timer);
    if (next !== times) pressed(next);
    times = next;
    if (next > 0) timer = setTimeout(() => set(0), BETWEEN);
  };
  const down = ({ key, repeat }: KeyboardEvent) => {
    if (repeat) return;
    alone = key === "Shift";
    if (!alone) set(0);
  };
  const up = ({ key }: KeyboardEvent) => {
    if (key === "Shift" && alone) set(times + 1);
  };
  addEventListener("keydown", down);
  addEventListener("keyup", up);
  return () => {
    clearTimeout(timer);
    removeEventListener("keydown", down);
    removeEventListener("keyup", up);
  };
}
