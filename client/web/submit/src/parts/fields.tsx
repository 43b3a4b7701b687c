/** The fields of the questions. What people type has its own direction, and no spelling is sent anywhere. */

import type { ComponentChildren } from "preact";

import { describedBy, FieldError, type Errors } from "./errors.tsx";

interface TextProps {
  readonly id: string;
  readonly label: ComponentChildren;
  readonly hint?: string;
  readonly value: string;
  readonly errors: Errors;
  onChange(value: string): void;
  /** The label is the page's heading. */
  readonly heading?: boolean;
  readonly rows?: number;
  readonly numeric?: boolean;
  /** Words of a language that is not the page's. */
  readonly foreign?: boolean;
}

/** One line, or several where `rows` says so. */
export function TextField({ id, label, hint, value, errors, onChange, heading, rows, numeric, foreign }: TextProps) {
  const shared = {
    id,
    value,
    dir: foreign ? ("ltr" as const) : ("auto" as const),
    "aria-describedby": describedBy(id, hint, errors),
    "aria-invalid": errors[id] !== undefined,
    autocomplete: "off" as const,
    // Some browsers send what is spelt to a server of theirs.
    spellcheck: false,
    ...(foreign ? { lang: "en", autocapitalize: "none" as const } : {}),
    onInput: ({ currentTarget }: { currentTarget: { value: string } }) => onChange(currentTarget.value),
  };
  const named = <label for={id}>{label}</label>;
  return (
    <div class={numeric ? "field short" : "field"}>
      {heading ? <h1>{named}</h1> : named}
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <FieldError field={id} errors={errors} />
      {rows === undefined ? (
        <input type="text" {...shared} {...(numeric ? { inputMode: "numeric" as const } : {})} />
      ) : (
        <textarea rows={rows} {...shared} />
      )}
    </div>
  );
}

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: ComponentChildren;
}

interface ChoiceProps<Value extends string> {
  readonly id: string;
  readonly legend: ComponentChildren;
  readonly hint?: string;
  readonly options: readonly Option<Value>[];
  readonly errors: Errors;
  readonly heading?: boolean;
}

/** One of several. */
export function Radios<Value extends string>(
  props: ChoiceProps<Value> & { readonly chosen: Value; onChange(value: Value): void },
) {
  const { chosen, onChange } = props;
  return <Choices {...props} type="radio" isChosen={(value) => value === chosen} onToggle={onChange} />;
}

/** Any of several. */
export function Checkboxes<Value extends string>(
  props: ChoiceProps<Value> & { readonly chosen: readonly Value[]; onChange(values: Value[]): void },
) {
  const { chosen, options, onChange } = props;
  const toggle = (value: Value) => {
    const is = (other: Value) => (other === value ? !chosen.includes(value) : chosen.includes(other));
    onChange(options.map(({ value }) => value).filter(is));
  };
  return <Choices {...props} type="checkbox" isChosen={(value) => chosen.includes(value)} onToggle={toggle} />;
}

function Choices<Value extends string>({
  id,
  legend,
  hint,
  options,
  errors,
  heading,
  type,
  isChosen,
  onToggle,
}: ChoiceProps<Value> & {
  readonly type: "radio" | "checkbox";
  isChosen(value: Value): boolean;
  onToggle(value: Value): void;
}) {
  return (
    <fieldset class="field" aria-describedby={describedBy(id, hint, errors)}>
      <legend>{heading ? <h1>{legend}</h1> : legend}</legend>
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <FieldError field={id} errors={errors} />
      {options.map(({ value, label }, at) => (
        <div class="choice" key={value}>
          <input
            type={type}
            // The summary of errors leads to the first one.
            id={at === 0 ? id : `${id}-${at}`}
            name={id}
            checked={isChosen(value)}
            onChange={() => onToggle(value)}
          />
          <label for={at === 0 ? id : `${id}-${at}`}>{label}</label>
        </div>
      ))}
    </fieldset>
  );
}
