/** The page: which screen is shown, and the ways between them. */

import type { FunctionComponent } from "preact";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";

import type { DropView } from "./calls.ts";
import type { Client } from "./client.ts";
import { EMPTY } from "./form.ts";
import { guardBack, leaveNow } from "./leave.ts";
import { Frame } from "./parts/frame.tsx";
import { Check } from "./screens/check.tsx";
import { Codename, Confirm } from "./screens/codename.tsx";
import { Done } from "./screens/done.tsx";
import { Files } from "./screens/files.tsx";
import { Gate } from "./screens/gate.tsx";
import { Acts, Perpetrator, Readers, Severity, Victim, What, When, Where } from "./screens/questions.tsx";
import { Enter, Thread } from "./screens/return.tsx";
import { Sending } from "./screens/sending.tsx";
import { Start } from "./screens/start.tsx";
import { after, before, VisitContext, type State, type Step, type Visit } from "./visit.ts";
import { Words, WordsContext, type Language } from "./words.ts";

const SCREENS: Readonly<Record<Step, FunctionComponent>> = {
  start: Start,
  what: What,
  when: When,
  where: Where,
  acts: Acts,
  victim: Victim,
  perpetrator: Perpetrator,
  severity: Severity,
  files: Files,
  readers: Readers,
  check: Check,
  codename: Codename,
  confirm: Confirm,
  sending: Sending,
  done: Done,
  enter: Enter,
  thread: Thread,
};

const BEGINNING: State = {
  step: "start",
  changing: false,
  again: false,
  form: EMPTY,
  files: [],
  to: [],
  thread: undefined,
  sent: undefined,
};

interface AppProps {
  readonly client: Client;
  readonly link: string | undefined;
  readonly language: Language;
}

export function App({ client, link, language: first }: AppProps) {
  const [language, setLanguage] = useState(first);
  const words = useMemo(() => new Words(language), [language]);
  const [drop, setDrop] = useState<DropView>();
  const [state, setState] = useState(BEGINNING);
  const set = useCallback((change: Partial<State>) => setState((state) => ({ ...state, ...change })), []);
  const leave = useCallback(() => leaveNow(client), [client]);

  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = words.direction;
    // It stands in the window's frame and in lists of windows: it tells nothing.
    document.title = words.say("page-title");
  }, [words]);

  const readers = drop?.readers.length ?? 0;
  const go = useCallback((step: Step, changing = false) => set({ step, changing }), [set]);
  const previous = before(state, readers);
  const back = useCallback(() => {
    if (previous === undefined) return state.step !== "start";
    go(previous);
    return previous !== "start";
  }, [go, previous, state.step]);
  useEffect(() => guardBack(back), [back]);

  const open = (drop: DropView) => {
    set({ to: drop.readers.map(({ key }) => key) });
    setDrop(drop);
  };
  const Screen = SCREENS[state.step];
  return (
    <WordsContext.Provider value={words}>
      <Frame
        onLeave={leave}
        onLanguage={setLanguage}
        onBack={previous === undefined ? undefined : back}
        languagesFirst={state.step === "start"}
      >
        {drop ? (
          <VisitContext.Provider value={visit(client, drop, state, set, go, leave)}>
            <Screen key={state.step} />
          </VisitContext.Provider>
        ) : (
          <Gate client={client} link={link} onOpen={open} />
        )}
      </Frame>
    </WordsContext.Provider>
  );
}

function visit(
  client: Client,
  drop: DropView,
  state: State,
  set: Visit["set"],
  go: Visit["go"],
  leave: () => void,
): Visit {
  const write: Visit["write"] = (change) => set({ form: { ...state.form, ...change } });
  const next = () => go(state.changing ? "check" : after(state, drop.readers.length));
  return { client, drop, state, set, write, next, go, leave };
}
