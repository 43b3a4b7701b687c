/** All answers on one page, each with a way to change it, before anything is sealed. */

import type { ComponentChildren } from "preact";

import { dateOf, titleOf } from "../form.ts";
import { Question } from "../parts/question.tsx";
import { useVisit, type Step } from "../visit.ts";
import { useWords } from "../words.ts";

interface Row {
  readonly step: Step;
  readonly label: string;
  readonly value: ComponentChildren;
}

/** What there is of several parts, each kept apart from the direction of the others. */
function listed(...parts: readonly ComponentChildren[]): ComponentChildren {
  const there = parts.filter((part) => part !== undefined && part !== "");
  if (there.length === 0) return undefined;
  return there.map((part, at) => (
    <>
      {at === 0 ? null : " · "}
      {part}
    </>
  ));
}

export function Check() {
  const words = useWords();
  const { say } = words;
  const { drop, state, next, go } = useVisit();
  const { form, files, again, to } = state;
  const own = (text: string) => (text.trim() === "" ? undefined : <bdi class="text">{text.trim()}</bdi>);
  const date = dateOf(form);
  const when = listed(
    date,
    date && form.about ? say("page-about") : "",
    date && form.partOfDay ? say(`part-of-day-${form.partOfDay}`) : "",
  );
  const event: Row[] = [
    { step: "what", label: say("page-row-title"), value: own(titleOf(form)) },
    { step: "when", label: say("open-occurred"), value: when },
    { step: "where", label: say("open-place"), value: own(form.place) },
    { step: "acts", label: say("open-acts"), value: listed(...form.acts.map((act) => say(`act-${act}`))) },
    {
      step: "victim",
      label: say("open-victim"),
      value: listed(form.victim && say(`victim-${form.victim}`), own(form.victimRole)),
    },
    {
      step: "perpetrator",
      label: say("open-perpetrator"),
      value: listed(form.perpetrator && say(`perpetrator-${form.perpetrator}`), own(form.perpetratorDescription)),
    },
    { step: "severity", label: say("open-severity"), value: form.severity && say(`severity-${form.severity}`) },
  ];
  const readers = drop.readers.filter(({ key }) => to.includes(key));
  const rows: Row[] = [
    { step: "what", label: say(again ? "page-add" : "page-what"), value: own(form.what) },
    ...(again ? [] : event),
    {
      step: "files",
      label: say("page-files"),
      value:
        files.length === 0 ? undefined : (
          <ul>
            {files.map(({ id, name, size }) => (
              <li key={id}>
                <bdi>{name}</bdi> <bdi class="hint">{words.size(size)}</bdi>
              </li>
            ))}
          </ul>
        ),
    },
    {
      step: "readers",
      label: say("page-readers"),
      value: (
        <ul>
          {readers.map(({ key, name }) => (
            <li key={key}>
              <bdi translate={false}>{name}</bdi>
            </li>
          ))}
        </ul>
      ),
    },
  ];
  return (
    <Question onContinue={next} go={say(again ? "page-send" : "page-continue")}>
      <h1>{say("page-check")}</h1>
      <dl class="summary">
        {rows.map(({ step, label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value || <span class="hint">{say("page-nothing")}</span>}</dd>
            {step === "readers" && drop.readers.length === 1 ? null : (
              <dd class="change">
                <button type="button" onClick={() => go(step, true)}>
                  {say("page-change")} <span class="unseen">{label}</span>
                </button>
              </dd>
            )}
          </div>
        ))}
      </dl>
      <p>{say("page-check-next")}</p>
    </Question>
  );
}
