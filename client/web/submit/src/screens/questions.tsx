/** The questions about the event. Only what happened is needed; each other can be left open. */

import { useState } from "preact/hooks";

import { dateOf, VOCABULARIES, type Form } from "../form.ts";
import type { Errors } from "../parts/errors.tsx";
import { FieldError } from "../parts/errors.tsx";
import { Checkboxes, Radios, TextField, type Option } from "../parts/fields.tsx";
import { Question } from "../parts/question.tsx";
import { useVisit } from "../visit.ts";
import { useWords, type Words } from "../words.ts";

const NONE: Errors = {};

/** A vocabulary of the report with its words, and the choice to leave it open. */
function optionsOf<Value extends string>(codes: readonly Value[], prefix: string, { say }: Words): Option<Value>[] {
  return codes.map((value) => ({ value, label: say(`${prefix}-${value}`) }));
}

function withOpen<Value extends string>(options: readonly Option<Value>[], { say }: Words): Option<Value | "">[] {
  return [...options, { value: "", label: say("page-leave-open") }];
}

export function What() {
  const { say } = useWords();
  const { state, write, next, go } = useVisit();
  const [errors, setErrors] = useState(NONE);
  const { form, again, changing } = state;
  const check = (then: () => void) => {
    if (form.what.trim() === "") setErrors({ what: say("page-what-missing") });
    else then();
  };
  const skip = (
    <button type="button" onClick={() => check(() => go("check"))}>
      {say("page-skip")}
    </button>
  );
  return (
    <Question errors={errors} onContinue={() => check(next)} aside={again || changing ? null : skip}>
      <TextField
        id="what"
        heading
        rows={10}
        label={say(again ? "page-add" : "page-what")}
        hint={say("page-what-hint")}
        value={form.what}
        errors={errors}
        onChange={(what) => write({ what })}
      />
      {again ? null : (
        <TextField
          id="title"
          label={say("page-title-label")}
          value={form.title}
          errors={errors}
          onChange={(title) => write({ title })}
        />
      )}
    </Question>
  );
}

export function When() {
  const words = useWords();
  const { say } = words;
  const { state, write, next } = useVisit();
  const [errors, setErrors] = useState(NONE);
  const { form } = state;
  const onContinue = () => {
    if (dateOf(form) === undefined) setErrors({ day: say("page-when-wrong") });
    else next();
  };
  const part = (id: "day" | "month" | "year") => (
    <TextField
      id={id}
      numeric
      label={say(`page-${id}`)}
      value={form[id]}
      errors={NONE}
      onChange={(typed) => write({ [id]: typed })}
    />
  );
  return (
    <Question errors={errors} onContinue={onContinue}>
      <fieldset class="field" aria-describedby="when-hint">
        <legend>
          <h1>{say("page-when")}</h1>
        </legend>
        <p class="hint" id="when-hint">
          {say("page-when-hint")}
        </p>
        <FieldError field="day" errors={errors} />
        <div class="row">
          {part("day")}
          {part("month")}
          {part("year")}
        </div>
      </fieldset>
      <div class="choice">
        <input
          type="checkbox"
          id="about"
          checked={form.about}
          onChange={({ currentTarget }) => write({ about: currentTarget.checked })}
        />
        <label for="about">{say("page-about")}</label>
      </div>
      <Radios
        id="part-of-day"
        legend={say("page-part-of-day")}
        options={withOpen(optionsOf(VOCABULARIES.PartOfDay, "part-of-day", words), words)}
        chosen={form.partOfDay}
        errors={NONE}
        onChange={(partOfDay) => write({ partOfDay })}
      />
    </Question>
  );
}

export function Where() {
  const { say } = useWords();
  const { state, write, next } = useVisit();
  return (
    <Question onContinue={next}>
      <TextField
        id="place"
        heading
        label={say("page-where")}
        hint={say("page-where-hint")}
        value={state.form.place}
        errors={NONE}
        onChange={(place) => write({ place })}
      />
    </Question>
  );
}

export function Acts() {
  const words = useWords();
  const { state, write, next } = useVisit();
  return (
    <Question onContinue={next}>
      <Checkboxes
        id="acts"
        heading
        legend={words.say("page-acts")}
        hint={words.say("page-acts-hint")}
        options={optionsOf(VOCABULARIES.Act, "act", words)}
        chosen={state.form.acts}
        errors={NONE}
        onChange={(acts) => write({ acts })}
      />
    </Question>
  );
}

export function Victim() {
  const words = useWords();
  const { say } = words;
  const { state, write, next } = useVisit();
  return (
    <Question onContinue={next}>
      <Radios
        id="victim"
        heading
        legend={say("page-victim")}
        options={withOpen(optionsOf(VOCABULARIES.VictimKind, "victim", words), words)}
        chosen={state.form.victim}
        errors={NONE}
        onChange={(victim) => write({ victim })}
      />
      <TextField
        id="victim-role"
        label={say("page-victim-role")}
        hint={say("page-victim-role-hint")}
        value={state.form.victimRole}
        errors={NONE}
        onChange={(victimRole) => write({ victimRole })}
      />
    </Question>
  );
}

export function Perpetrator() {
  const words = useWords();
  const { say } = words;
  const { state, write, next } = useVisit();
  const known = VOCABULARIES.PerpetratorType.filter((type) => type !== "unknown");
  const options: Option<Form["perpetrator"]>[] = [
    ...optionsOf(known, "perpetrator", words),
    { value: "", label: say("page-leave-open") },
  ];
  return (
    <Question onContinue={next}>
      <Radios
        id="perpetrator"
        heading
        legend={say("page-perpetrator")}
        options={options}
        chosen={state.form.perpetrator}
        errors={NONE}
        onChange={(perpetrator) => write({ perpetrator })}
      />
      <TextField
        id="perpetrator-description"
        rows={3}
        label={say("page-perpetrator-description")}
        hint={say("page-perpetrator-description-hint")}
        value={state.form.perpetratorDescription}
        errors={NONE}
        onChange={(perpetratorDescription) => write({ perpetratorDescription })}
      />
    </Question>
  );
}

export function Severity() {
  const words = useWords();
  const { state, write, next } = useVisit();
  return (
    <Question onContinue={next}>
      <Radios
        id="severity"
        heading
        legend={words.say("page-severity")}
        options={withOpen(optionsOf(VOCABULARIES.Severity, "severity", words), words)}
        chosen={state.form.severity}
        errors={NONE}
        onChange={(severity) => write({ severity })}
      />
    </Question>
  );
}

export function Readers() {
  const { say } = useWords();
  const { drop, state, set, next } = useVisit();
  const [errors, setErrors] = useState(NONE);
  const onContinue = () => {
    if (state.to.length === 0) setErrors({ readers: say("page-readers-missing") });
    else next();
  };
  const options = drop.readers.map(({ key, name, role }) => ({
    value: key,
    label: (
      <>
        <bdi translate={false}>{name}</bdi> {role === "" ? null : <bdi class="hint">{role}</bdi>}
      </>
    ),
  }));
  return (
    <Question errors={errors} onContinue={onContinue}>
      <Checkboxes
        id="readers"
        heading
        legend={say("page-readers")}
        hint={say("page-readers-hint")}
        options={options}
        chosen={state.to}
        errors={errors}
        onChange={(to) => set({ to })}
      />
    </Question>
  );
}
