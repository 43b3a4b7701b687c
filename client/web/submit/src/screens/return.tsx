/** Coming back: the codename in, the thread out. */

import { useState } from "preact/hooks";

import type { Thread as ThreadView } from "@kua/protocol/thread.ts";
import { tidyName } from "@kua/protocol/name.ts";
import { inWords } from "../errors.ts";
import { EMPTY } from "../form.ts";
import type { Errors } from "../parts/errors.tsx";
import { ErrorSummary } from "../parts/errors.tsx";
import { TextField } from "../parts/fields.tsx";
import { Question, Top } from "../parts/question.tsx";
import { Save } from "../parts/save.tsx";
import { useVisit } from "../visit.ts";
import { useWords } from "../words.ts";

const SHORT = 8;

export function Enter() {
  const words = useWords();
  const { say } = words;
  const { client, set } = useVisit();
  const [typed, setTyped] = useState("");
  const [errors, setErrors] = useState<Errors>({});
  const [looking, setLooking] = useState(false);
  const onContinue = () => {
    if (looking) return;
    setLooking(true);
    setErrors({});
    client
      .call("enter", typed)
      .then((thread) => set({ thread, again: true, step: "thread" }))
      .catch((error: unknown) => {
        setLooking(false);
        setErrors({ codename: inWords(error, words) });
      });
  };
  return (
    <Question errors={errors} onContinue={onContinue}>
      <TextField
        id="codename"
        heading
        foreign
        rows={3}
        label={say("page-enter")}
        hint={say("page-enter-hint")}
        value={typed}
        errors={errors}
        onChange={setTyped}
      />
      <p role="status">{looking ? say("return-looking") : ""}</p>
    </Question>
  );
}

export function Thread() {
  const words = useWords();
  const { say } = words;
  const { client, state, set, go } = useVisit();
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const { thread, sent } = state;
  if (!thread) return null;
  const again = (first: Promise<void>) => {
    setBusy(true);
    setErrors({});
    first
      .then(() => client.call("look"))
      .then((thread) => set({ thread, sent: undefined }))
      .catch((error: unknown) => setErrors({ again: inWords(error, words) }))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Top />
      <ErrorSummary errors={errors} />
      {sent ? (
        <div class="panel" role="status">
          <p>{say("submit-accepted", { id: sent.id.slice(0, SHORT), day: words.day(sent.day) })}</p>
        </div>
      ) : null}
      <h1>{say("page-thread")}</h1>
      <Sent thread={thread} />
      <Replies thread={thread} onDelete={(id) => again(client.call("remove", [id]))} />
      <Doubts thread={thread} />
      <p role="status">{busy ? say("return-looking") : ""}</p>
      <div class="buttons">
        <button
          type="button"
          class="main"
          onClick={() => {
            set({ form: EMPTY, files: [], sent: undefined });
            go("what");
          }}
        >
          {say("page-write-again")}
        </button>
        <button type="button" id="again" onClick={() => again(Promise.resolve())}>
          {say("page-look-again")}
        </button>
      </div>
    </>
  );
}

function Sent({ thread }: { thread: ThreadView }) {
  const words = useWords();
  const { say } = words;
  if (thread.sent.length === 0 && thread.replies.length === 0) return <p>{say("return-nothing")}</p>;
  return (
    <ul>
      {thread.sent.map(({ id, day, opened }) => (
        <li key={id}>
          <p>{say("return-sent", { id: id.slice(0, SHORT), day: words.day(day) })}</p>
          <p>{say(opened ? "return-opened" : "return-not-opened")}</p>
        </li>
      ))}
    </ul>
  );
}

function Replies({ thread, onDelete }: { thread: ThreadView; onDelete(id: ThreadView["replies"][number]["id"]): void }) {
  const words = useWords();
  const { say } = words;
  const [asked, setAsked] = useState("");
  return (
    <>
      {thread.replies.map(({ id, number, author, day, text, language, kind, file }) => (
        <article key={id}>
          <h2>{say("return-reply", { number: String(number), name: author, day: words.day(day) })}</h2>
          <p class="text" dir="auto" lang={language}>
            {text}
          </p>
          <div class="buttons">
            {file ? (
              <Save name={tidyName(file.name)} content={file.content}>
                {say("page-reply-save", { name: file.name, size: words.size(file.content.length) })}
              </Save>
            ) : null}
            {kind === "acknowledgement" ? null : (
              <button type="button" onClick={() => (asked === id ? onDelete(id) : setAsked(id))}>
                {say(asked === id ? "page-reply-delete-really" : "page-reply-delete", { number: String(number) })}
              </button>
            )}
          </div>
        </article>
      ))}
    </>
  );
}

/** What is missing or is no reply, said by name. */
function Doubts({ thread }: { thread: ThreadView }) {
  const { say } = useWords();
  const reasons: Readonly<Record<string, string>> = {
    "not-opened": "return-refused-seal",
    "stranger": "return-refused-author",
    "bad-signature": "return-refused-author",
    "other-kind": "return-refused-author",
    "content": "return-refused-author",
    "other-drop": "return-refused-place",
    "other-mailbox": "return-refused-place",
  };
  const lines = [
    ...thread.gaps.map((number) => say("return-gap", { number: String(number) })),
    ...thread.doubles.map((number) => say("return-double", { number: String(number) })),
    ...thread.refused.map(({ id, why }) => {
      return say("return-refused", { id: id.slice(0, SHORT), why: say(reasons[why] ?? "return-refused-form") });
    }),
  ];
  if (lines.length === 0) return null;
  return (
    <ul class="error-summary">
      {lines.map((line, at) => (
        <li key={at}>{line}</li>
      ))}
    </ul>
  );
}
