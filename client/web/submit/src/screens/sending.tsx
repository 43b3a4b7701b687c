/** Sealing and sending, with what is really known of how far it came. */

import { useEffect, useRef, useState } from "preact/hooks";

import type { Progress } from "../calls.ts";
import { inWords } from "../errors.ts";
import { EMPTY, toDraft } from "../form.ts";
import { Top } from "../parts/question.tsx";
import { useVisit } from "../visit.ts";
import { useWords } from "../words.ts";

export function Sending() {
  const words = useWords();
  const { say } = words;
  const { client, state, set, go } = useVisit();
  const [progress, setProgress] = useState<Progress>({ stage: "keys", done: 0, total: 0 });
  const [failure, setFailure] = useState<unknown>();
  const [tries, setTries] = useState(0);
  // Two calls at once would be two reports.
  const begun = useRef(-1);
  useEffect(() => {
    if (begun.current === tries) return;
    begun.current = tries;
    setFailure(undefined);
    client.onProgress = setProgress;
    const send = async () => {
      const files = state.files.map(({ id, clean }) => ({ id, clean }));
      const sent = await client.call("submit", toDraft(state.form, words.language), files, state.to);
      const thread = state.again ? await client.call("look") : undefined;
      // It is with the drop now: here it is forgotten.
      set({ sent, thread, form: EMPTY, files: [], step: state.again ? "thread" : "done" });
    };
    send().catch(setFailure);
  }, [tries]);

  if (failure !== undefined) {
    return (
      <>
        <Top />
        <div class="error-summary" role="alert">
          <h1>{say("page-not-sent")}</h1>
          <p>{inWords(failure, words)}</p>
        </div>
        <p>{say("page-not-sent-kept")}</p>
        <div class="buttons">
          <button type="button" class="main" onClick={() => setTries(tries + 1)}>
            {say("page-try-again")}
          </button>
          <button type="button" onClick={() => go("check")}>
            {say("page-check")}
          </button>
        </div>
      </>
    );
  }
  const { stage, done, total } = progress;
  return (
    <>
      <Top />
      <h1>{say("page-sending")}</h1>
      <p role="status">{say(stage === "waiting" ? "submit-waiting" : `page-stage-${stage}`)}</p>
      {total > 0 ? (
        <>
          <progress max={total} value={done} aria-label={say("page-sending")} />
          <p>{say("page-progress", { done: words.size(done), total: words.size(total) })}</p>
        </>
      ) : null}
      <p class="hint">{say("page-stay")}</p>
    </>
  );
}
