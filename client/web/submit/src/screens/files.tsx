/** Files to go with the report, and what is hidden in them. */

import { useState } from "preact/hooks";

import { inWords } from "../errors.ts";
import { Question } from "../parts/question.tsx";
import { useVisit, type FileRow } from "../visit.ts";
import { useWords } from "../words.ts";
import type { Errors } from "../parts/errors.tsx";

export function Files() {
  const words = useWords();
  const { say } = words;
  const { client, state, set, next } = useVisit();
  const [looking, setLooking] = useState("");
  const [errors, setErrors] = useState<Errors>({});
  const add = async (chosen: readonly File[]) => {
    let files = state.files;
    setErrors({});
    for (const file of chosen) {
      setLooking(file.name);
      try {
        files = [...files, { ...(await client.call("attach", file)), clean: true }];
        set({ files });
      } catch (error) {
        setErrors({ files: inWords(error, words) });
      }
    }
    setLooking("");
  };
  const change = (changed: FileRow) => set({ files: state.files.map((file) => (file.id === changed.id ? changed : file)) });
  const remove = (id: number) => {
    void client.call("detach", id);
    set({ files: state.files.filter((file) => file.id !== id) });
    // The button that had the focus is gone.
    document.getElementById("files")?.focus();
  };
  return (
    <Question errors={errors} onContinue={() => looking === "" && next()}>
      <h1>
        <label for="files">{say("page-files")}</label>
      </h1>
      <p class="hint" id="files-hint">
        {say("page-files-hint")}
      </p>
      <input
        type="file"
        id="files"
        multiple
        aria-describedby="files-hint"
        onChange={({ currentTarget }) => {
          const chosen = Array.from(currentTarget.files ?? []);
          // The same file can be chosen again after it was taken away.
          currentTarget.value = "";
          void add(chosen);
        }}
      />
      <p role="status">{looking === "" ? "" : say("page-file-looking", { name: looking })}</p>
      <ul class="files">
        {state.files.map((file) => (
          <li key={file.id}>
            <div class="row">
              <p>
                <bdi>{file.name}</bdi> <bdi class="hint">{words.size(file.size)}</bdi>
              </p>
              <button type="button" onClick={() => remove(file.id)}>
                {say("page-file-remove")} <span class="unseen">{file.name}</span>
              </button>
            </div>
            <Hidden file={file} onChange={change} />
          </li>
        ))}
      </ul>
    </Question>
  );
}

/** What a file tells besides what it shows. */
function Hidden({ file, onChange }: { file: FileRow; onChange(file: FileRow): void }) {
  const { say } = useWords();
  const { hidden, name, id, clean } = file;
  if (hidden === "not-looked-into") return <p class="hint">{say("hidden-other-format", { name })}</p>;
  if (hidden === "not-understood") return <p class="hint">{say("page-file-not-understood", { name })}</p>;
  if (hidden.length === 0) return <p class="hint">{say("page-file-nothing-hidden")}</p>;
  return (
    <>
      <p>{say("hidden-found", { name })}</p>
      <ul>
        {hidden.map(({ kind, says }, at) => (
          <li key={at}>
            {say(`hidden-${kind}`)}
            {says === undefined || says === "" ? null : (
              <>
                : <bdi>{says}</bdi>
              </>
            )}
          </li>
        ))}
      </ul>
      <div class="choice">
        <input
          type="checkbox"
          id={`clean-${id}`}
          checked={clean}
          onChange={({ currentTarget }) => onChange({ ...file, clean: currentTarget.checked })}
        />
        <label for={`clean-${id}`}>{say("page-file-clean")}</label>
      </div>
    </>
  );
}
