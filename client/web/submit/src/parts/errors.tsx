/** Errors as the GOV.UK design system shows them: a summary on top that leads to the fields, and a line at each field. */

import { useWords } from "../words.ts";
import { useFocus } from "./focus.ts";

/** What is wrong, by the id of the field. */
export type Errors = Readonly<Record<string, string>>;

export function ErrorSummary({ errors }: { errors: Errors }) {
  const { say } = useWords();
  const box = useFocus<HTMLDivElement>(errors);
  const entries = Object.entries(errors);
  if (entries.length === 0) return null;
  const go = (event: Event, field: string) => {
    // The fragment of the address is the drop's fingerprint.
    event.preventDefault();
    document.getElementById(field)?.focus();
  };
  return (
    <div class="error-summary" role="alert" tabIndex={-1} ref={box} aria-labelledby="error-title">
      <h2 id="error-title">{say("page-problem")}</h2>
      <ul>
        {entries.map(([field, text]) => (
          <li key={field}>
            <a href={`#${field}`} onClick={(event) => go(event, field)}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function FieldError({ field, errors }: { field: string; errors: Errors }) {
  const text = errors[field];
  if (text === undefined) return null;
  return (
    <p class="error" id={`${field}-error`}>
      {text}
    </p>
  );
}

/** The ids of what describes a field: its hint and its error, where they are there. */
export function describedBy(field: string, hint: string | undefined, errors: Errors): string | undefined {
  const ids = [hint === undefined ? "" : `${field}-hint`, errors[field] === undefined ? "" : `${field}-error`];
  return ids.filter((id) => id !== "").join(" ") || undefined;
}
