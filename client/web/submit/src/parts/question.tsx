/** One question on one page. */

import type { ComponentChildren } from "preact";

import { useWords } from "../words.ts";
import { ErrorSummary, type Errors } from "./errors.tsx";
import { useFocus } from "./focus.ts";

interface QuestionProps {
  readonly children: ComponentChildren;
  readonly errors?: Errors;
  onContinue(): void;
  /** What the button says, where it is not “Continue”. */
  readonly go?: string;
  /** Another way on. */
  readonly aside?: ComponentChildren;
}

const NONE: Errors = {};

export function Question({ children, errors = NONE, onContinue, go, aside }: QuestionProps) {
  const { say } = useWords();
  const submit = (event: Event) => {
    event.preventDefault();
    onContinue();
  };
  return (
    <form noValidate onSubmit={submit}>
      <Top />
      <ErrorSummary errors={errors} />
      {children}
      <div class="buttons">
        <button type="submit" class="main">
          {go ?? say("page-continue")}
        </button>
        {aside}
      </div>
    </form>
  );
}

/** Takes the focus when a page appears, so that reading begins at its top and not where the last button was. */
export function Top() {
  const top = useFocus<HTMLDivElement>("once");
  return <div tabIndex={-1} ref={top} class="top" />;
}
