/** What is around every page: leaving, going back, and the languages. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

import { countShift, PRESSES } from "../leave.ts";
import { LANGUAGES, useWords, type Language } from "../words.ts";

interface FrameProps {
  readonly children: ComponentChildren;
  onLeave(): void;
  readonly onBack: (() => void) | undefined;
  onLanguage(language: Language): void;
  /** Before anything was read the languages stand first, and later out of the way. */
  readonly languagesFirst: boolean;
}

export function Frame({ children, onLeave, onBack, onLanguage, languagesFirst }: FrameProps) {
  const { say } = useWords();
  const languages = <Languages onLanguage={onLanguage} />;
  return (
    <>
      <Leave onLeave={onLeave} />
      <div class="column">
        {languagesFirst ? languages : null}
        {onBack ? (
          <button type="button" class="back" onClick={onBack}>
            {say("page-back")}
          </button>
        ) : null}
        <main>{children}</main>
        {languagesFirst ? null : languages}
      </div>
    </>
  );
}

/** Behaves as GOV.UK's “Exit this page”: always in sight, and by the keyboard from anywhere. */
function Leave({ onLeave }: { onLeave(): void }) {
  const { say } = useWords();
  const [times, setTimes] = useState(0);
  useEffect(() => countShift(setTimes), []);
  useEffect(() => {
    if (times >= PRESSES) onLeave();
  }, [times, onLeave]);
  return (
    <div class="leave">
      <button type="button" onClick={onLeave}>
        {say("page-leave")}
      </button>
      <span class={times > 0 ? undefined : "hint"} aria-live="assertive">
        {times > 0 ? say("page-leave-count", { left: PRESSES - times }) : say("page-leave-hint")}
      </span>
    </div>
  );
}

function Languages({ onLanguage }: { onLanguage(language: Language): void }) {
  const { say, language } = useWords();
  return (
    <nav class="languages" aria-label={say("page-languages")}>
      {(Object.entries(LANGUAGES) as [Language, string][]).map(([tag, name]) => (
        <button
          type="button"
          key={tag}
          lang={tag}
          aria-current={tag === language ? "true" : undefined}
          onClick={() => onLanguage(tag)}
        >
          {name}
        </button>
      ))}
    </nav>
  );
}
