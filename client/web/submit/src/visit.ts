/** What the pages share: what was written, where the person is, and the ways on. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { ObjectId } from "@kua/protocol/ids.ts";
import type { Thread } from "@kua/protocol/thread.ts";
import type { DropView, FileView, SentView } from "./calls.ts";
import type { Client } from "./client.ts";
import type { Form } from "./form.ts";

/** The questions in their order, and what follows them. */
export const STEPS = [
  "start",
  "what",
  "when",
  "where",
  "acts",
  "victim",
  "perpetrator",
  "severity",
  "files",
  "readers",
  "check",
  "codename",
  "confirm",
  "sending",
  "done",
] as const;
/** Who comes back and writes again is asked less. */
export const AGAIN = ["thread", "what", "files", "readers", "check", "sending", "thread"] as const;
export type Step = (typeof STEPS)[number] | "enter" | "thread";

/** A file with the person's choice. */
export interface FileRow extends FileView {
  readonly clean: boolean;
}

/** Everything that changes while the page is open. */
export interface State {
  readonly step: Step;
  /** From “Check” a single answer is changed, and then it goes back there. */
  readonly changing: boolean;
  /** The person came back with a codename, or wrote before. */
  readonly again: boolean;
  readonly form: Form;
  readonly files: readonly FileRow[];
  /** The keys of the chosen readers. */
  readonly to: readonly string[];
  readonly thread: Thread | undefined;
  readonly sent: SentView | undefined;
}

export interface Visit {
  readonly client: Client;
  readonly drop: DropView;
  readonly state: State;
  set(change: Partial<State>): void;
  write(change: Partial<Form>): void;
  /** To the next page, or back to “Check” when an answer was changed there. */
  next(): void;
  go(step: Step, changing?: boolean): void;
  leave(): void;
}

export type { ObjectId };

export const VisitContext = createContext<Visit>(undefined as unknown as Visit);

export function useVisit(): Visit {
  return useContext(VisitContext);
}

/** The pages on this person's way, in order. */
function way({ again }: State, readers: number): Step[] {
  const steps: readonly Step[] = again ? AGAIN : STEPS;
  return steps.filter((step) => step !== "readers" || readers > 1);
}

export function after(state: State, readers: number): Step {
  const steps = way(state, readers);
  return steps[steps.indexOf(state.step) + 1] ?? state.step;
}

/** The page before; none where there is nothing to go back to. */
export function before(state: State, readers: number): Step | undefined {
  if (state.step === "enter") return "start";
  if (state.changing) return "check";
  if (["start", "thread", "sending", "done"].includes(state.step)) return undefined;
  const steps = way(state, readers);
  return steps[steps.indexOf(state.step) - 1];
}
