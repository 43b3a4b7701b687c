/** Who reads this, proven by the link; and what to think of before the first word. */

import { beginGuard } from "../leave.ts";
import { Top } from "../parts/question.tsx";
import { useVisit } from "../visit.ts";
import { useWords } from "../words.ts";

const THINK_OF = ["alone", "device", "tor", "kept", "leave", "name"] as const;

export function Start() {
  const words = useWords();
  const { say } = words;
  const { drop, client, go } = useVisit();
  const write = () => {
    beginGuard();
    // Stretching the codename can take long; it happens while she writes.
    void client.call("begin").catch(() => undefined);
    go("what");
  };
  const comeBack = () => {
    beginGuard();
    go("enter");
  };
  const welcome = words.choose(drop.welcome);
  return (
    <>
      <Top />
      <h1>
        <bdi translate={false}>{words.choose(drop.name)}</bdi>
      </h1>
      {welcome === "" ? null : (
        <p class="text" dir="auto">
          {welcome}
        </p>
      )}
      <h2>{say("interview-readers")}</h2>
      <ul>
        {drop.readers.map(({ key, name, role }) => (
          <li key={key}>
            <bdi translate={false}>{name}</bdi> {role === "" ? null : <bdi class="hint">{role}</bdi>}
          </li>
        ))}
      </ul>
      <p>{say("interview-digits")}</p>
      <p class="digits" dir="ltr" translate={false}>
        {drop.digits}
      </p>
      <h2>{say("page-before")}</h2>
      <ul>
        {THINK_OF.map((thing) => (
          <li key={thing}>{say(`page-before-${thing}`)}</li>
        ))}
      </ul>
      <div class="buttons">
        <button type="button" class="main" onClick={write}>
          {say("page-write")}
        </button>
        <button type="button" onClick={comeBack}>
          {say("page-have-codename")}
        </button>
      </div>
    </>
  );
}
