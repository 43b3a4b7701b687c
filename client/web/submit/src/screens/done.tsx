/** The report is with the drop: what that means, and how to come back. */

import { Save } from "../parts/save.tsx";
import { Top } from "../parts/question.tsx";
import { useVisit } from "../visit.ts";
import { useWords } from "../words.ts";

/** As many digits of an id as people compare. */
const SHORT = 8;

export function Done() {
  const words = useWords();
  const { say } = words;
  const { drop, state, leave } = useVisit();
  const { sent } = state;
  if (!sent) return null;
  return (
    <>
      <Top />
      <div class="panel">
        <h1>{say("page-done")}</h1>
        <p>{say("submit-accepted", { id: sent.id.slice(0, SHORT), day: words.day(sent.day) })}</p>
      </div>
      <h2>{say("page-return-how")}</h2>
      <p>{say("page-return-steps")}</p>
      <p class="link" dir="ltr" translate={false}>
        {drop.link}
      </p>
      <p>{say("page-acknowledge")}</p>
      {drop.keptDays === 0 ? null : <p>{say("page-kept-for", { days: drop.keptDays })}</p>}
      <details>
        <summary>{say("page-receipt")}</summary>
        <p>{say("page-receipt-what")}</p>
        <Save name="receipt.json" content={new TextEncoder().encode(sent.receipt)}>
          {say("page-receipt-save")}
        </Save>
      </details>
      <div class="buttons">
        <button type="button" class="main" onClick={leave}>
          {say("page-leave")}
        </button>
      </div>
    </>
  );
}
