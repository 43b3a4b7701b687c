/** The page's side of its worker. */

import { Refused } from "@kua/protocol/refused.ts";
import type { AnswerMessage, Calls, CallMessage, Progress } from "./calls.ts";

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Refused): void;
}

export class Client {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  /** Told while something is sent. */
  onProgress: (progress: Progress) => void = () => undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<AnswerMessage>) => this.#take(data));
    worker.addEventListener("error", () => this.#fail());
  }

  /** Calls the worker. Refuses as the worker does, and as `mistake` when it broke. */
  call<Name extends keyof Calls>(name: Name, ...args: Parameters<Calls[Name]>): ReturnType<Calls[Name]> {
    this.#last += 1;
    const number = this.#last;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(number, { resolve, reject }));
    this.#worker.postMessage({ number, name, args } as CallMessage);
    return answer as ReturnType<Calls[Name]>;
  }

  /** Ends the worker at once, and all that it knows. */
  end(): void {
    this.#worker.terminate();
    this.#waiting.clear();
  }

  #take(message: AnswerMessage): void {
    if ("progress" in message) {
      this.onProgress(message.progress);
      return;
    }
    const waiting = this.#waiting.get(message.number);
    this.#waiting.delete(message.number);
    if ("value" in message) {
      waiting?.resolve(message.value);
    } else {
      const { why, message: text, details } = message.refused;
      waiting?.reject(new Refused(why, text, details));
    }
  }

  #fail(): void {
    for (const { reject } of this.#waiting.values()) reject(new Refused("mistake", "the worker ended"));
    this.#waiting.clear();
  }
}
