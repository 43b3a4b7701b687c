/** Where the page begins. */

import { render } from "preact";

import { startWorker } from "virtual:worker";

import { App } from "./app.tsx";
import { Client } from "./client.ts";
import "./style.css";
import { preferred } from "./words.ts";

const root = document.getElementById("page");
// The page that is one file knows no drop until it is told.
const link = location.protocol === "file:" ? undefined : location.href;
// Another link in the same window changes nothing but the fragment.
addEventListener("hashchange", () => location.reload());
// What a browser kept of a page that was left is not shown again.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

if (root) render(<App client={new Client(startWorker())} link={link} language={preferred(navigator.languages)} />, root);
