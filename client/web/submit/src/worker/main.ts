/** The worker: answers the page's calls one after another. What it knows ends with it. */

import { Refused } from "@kua/protocol/refused.ts";
import type { AnswerMessage, CallMessage } from "../calls.ts";
import { Session } from "./session.ts";

/** The few parts of a worker's global scope that are used here; the compiler knows only those of a page. */
interface Scope {
  postMessage(message: AnswerMessage): void;
  addEventListener(type: "message", listener: (event: MessageEvent<CallMessage>) => void): void;
}

const scope = globalThis as unknown as Scope;
const session = new Session((progress) => scope.postMessage({ progress }));
let before: Promise<void> = Promise.resolve();

scope.addEventListener("message", ({ data }) => {
  before = before.then(() => answer(data));
});

async function answer({ number, name, args }: CallMessage): Promise<void> {
  try {
    const call = session[name] as (...args: readonly unknown[]) => Promise<unknown>;
    scope.postMessage({ number, value: await call.apply(session, args) });
  } catch (error) {
    const known = error instanceof Refused ? error : new Refused("mistake", String(error));
    const { why, message, details } = known;
    scope.postMessage({ number, refused: { why, message, details } });
  }
}
