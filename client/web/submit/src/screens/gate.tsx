/** Before everything: the link, and whether the drop is the one that it names. Without that nothing goes on. */

import { useEffect, useState } from "preact/hooks";

import type { DropView } from "../calls.ts";
import type { Client } from "../client.ts";
import { inWords } from "../errors.ts";
import { TextField } from "../parts/fields.tsx";
import { Question, Top } from "../parts/question.tsx";
import { Refused } from "@kua/protocol/refused.ts";
import { useWords } from "../words.ts";
import type { Errors } from "../parts/errors.tsx";

interface GateProps {
  readonly client: Client;
  /** The link, where the page was opened through it; the page that is one file asks for it. */
  readonly link: string | undefined;
  onOpen(drop: DropView): void;
}

/** Reasons for which trying again can help. */
const PASSING: readonly Refused["why"][] = ["unreachable", "problem", "not-open"];

export function Gate({ client, link, onOpen }: GateProps) {
  const words = useWords();
  const { say } = words;
  const [failure, setFailure] = useState<unknown>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (link === undefined) return;
    setFailure(undefined);
    client.call("open", link).then(onOpen).catch(setFailure);
  }, [link, tries]);

  if (link === undefined) return <AskLink client={client} onOpen={onOpen} />;
  if (failure === undefined) {
    return (
      <>
        <Top />
        <div role="status">
          <h1>{say("page-checking")}</h1>
        </div>
      </>
    );
  }
  const passes = failure instanceof Refused && PASSING.includes(failure.why);
  return (
    <>
      <Top />
      <div class="error-summary" role="alert">
        <h1>{say(passes ? "page-problem" : "page-stop")}</h1>
        <p>{inWords(failure, words)}</p>
      </div>
      {passes ? (
        <div class="buttons">
          <button type="button" class="main" onClick={() => setTries(tries + 1)}>
            {say("page-try-again")}
          </button>
        </div>
      ) : null}
    </>
  );
}

function AskLink({ client, onOpen }: Omit<GateProps, "link">) {
  const words = useWords();
  const { say } = words;
  const [typed, setTyped] = useState("");
  const [errors, setErrors] = useState<Errors>({});
  const [asking, setAsking] = useState(false);
  const onContinue = () => {
    if (asking) return;
    setAsking(true);
    setErrors({});
    client
      .call("open", typed)
      .then(onOpen)
      .catch((error: unknown) => {
        setAsking(false);
        setErrors({ link: inWords(error, words) });
      });
  };
  return (
    <Question errors={errors} onContinue={onContinue}>
      <TextField
        id="link"
        heading
        foreign
        rows={3}
        label={say("page-link")}
        hint={say("page-link-hint")}
        value={typed}
        errors={errors}
        onChange={setTyped}
      />
      <p role="status">{asking ? say("page-checking") : ""}</p>
    </Question>
  );
}
