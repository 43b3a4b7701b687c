/** The codename: shown once, and two of its words asked, before anything is sent. */

import { useEffect, useState } from "preact/hooks";

import type { Errors } from "../parts/errors.tsx";
import { TextField } from "../parts/fields.tsx";
import { Question, Top } from "../parts/question.tsx";
import { useVisit } from "../visit.ts";
import { useWords } from "../words.ts";

/** The words, once the worker has them. */
function useCodename(): readonly string[] | undefined {
  const { client } = useVisit();
  const [codename, setCodename] = useState<readonly string[]>();
  useEffect(() => {
    void client.call("words").then(setCodename);
  }, [client]);
  return codename;
}

export function Codename() {
  const { say } = useWords();
  const { next } = useVisit();
  const codename = useCodename();
  if (!codename) return <Wait />;
  return (
    <Question onContinue={next} go={say("page-codename-have")}>
      <h1>{say("page-codename")}</h1>
      <p>{say("codename-this-is")}</p>
      <ol class="codename" lang="en" dir="ltr" translate={false}>
        {codename.map((word, at) => (
          <li key={at}>{word}</li>
        ))}
      </ol>
      <p class="text">{say("codename-keep")}</p>
      <p>{say("page-codename-why")}</p>
    </Question>
  );
}

export function Confirm() {
  const { say } = useWords();
  const { next } = useVisit();
  const codename = useCodename();
  const [asked] = useState(twoPlaces);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [errors, setErrors] = useState<Errors>({});
  if (!codename) return <Wait />;
  const field = (place: number) => `word-${place + 1}`;
  const onContinue = () => {
    const isWrong = (place: number) => (typed[field(place)] ?? "").trim().toLowerCase() !== codename[place];
    const wrong = asked.filter(isWrong);
    if (wrong.length === 0) next();
    else setErrors(Object.fromEntries(wrong.map((place) => [field(place), say("page-confirm-wrong", { number: place + 1 })])));
  };
  return (
    <Question errors={errors} onContinue={onContinue} go={say("page-send")}>
      <h1>{say("page-confirm")}</h1>
      <p class="hint">{say("page-confirm-hint")}</p>
      {asked.map((place) => (
        <TextField
          key={place}
          id={field(place)}
          foreign
          label={say("page-confirm-word", { number: place + 1 })}
          value={typed[field(place)] ?? ""}
          errors={errors}
          onChange={(word) => setTyped({ ...typed, [field(place)]: word })}
        />
      ))}
    </Question>
  );
}

function Wait() {
  const { say } = useWords();
  return (
    <>
      <Top />
      <div role="status">
        <h1>{say("page-wait")}</h1>
      </div>
    </>
  );
}

const WORDS = 8;

/** Two different words, in their order: each as likely. */
function twoPlaces(): number[] {
  const [one = 0, other = 0] = crypto.getRandomValues(new Uint8Array(2));
  const first = one % WORDS;
  const second = (first + 1 + (other % (WORDS - 1))) % WORDS;
  return [first, second].sort();
}
