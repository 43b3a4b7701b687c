// Reads an export for Uwazi by the rules of Uwazi's documentation (https://docs.uwazi.io/docs/reference/csv-import/), with
// the packages that Uwazi itself reads CSV, ZIP and Markdown with. Knows nothing of how the export was written.
//
//   node build/uwazi.js FOLDER LANGUAGE…        the collection's own language first
//
// Prints the entities of each type as JSON.

import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import csvtojson from "csvtojson";
import MarkdownIt from "markdown-it";
import yauzl from "yauzl";

type Type = "text" | "richtext" | "numeric" | "date" | "daterange" | "geolocation" | "select" | "multiselect" | string[];

/** The templates of docs/src/coordinators/uwazi.md: a list of types of entities is a relationship to these. */
const TEMPLATES: Record<string, Record<string, Type>> = {
  persons: {
    kind: "select", name: "text", role: "text", age: "numeric", people: "numeric", description: "richtext",
    report_id: "text",
  },
  sources: { connection: "richtext", reliability: "select", report_id: "text" },
  interventions: { by: "text", result: "richtext", report_id: "text" },
  events: {
    description: "richtext", date: "daterange", date_as_reported: "text", date_precision: "select",
    part_of_day: "select", place: "text", country: "text", location_geolocation: "geolocation", acts: "multiselect",
    victims: ["persons"], perpetrators: ["persons"], sources: ["sources"], interventions: ["interventions"],
    severity: "select", language: "text", status: "select", case_severity: "select", labels: "multiselect",
    assignee: "text", linked_reports: "richtext", notes: "richtext", answers: "richtext", custody: "richtext",
    digests: "richtext", report_id: "text", received: "date", mailbox: "text",
  },
};

const WITH_LANGUAGE = new Set<Type>(["text", "richtext", "select", "multiselect"]);

interface Entity {
  title: string;
  properties: Record<string, unknown>;
  attachments: { name: string; sha256: string; size: number }[];
}

const [folder, ...languages] = process.argv.slice(2);
if (folder === undefined || languages.length === 0) throw new Error("usage: uwazi.js FOLDER LANGUAGE…");
const [first] = languages as [string];
const entities: Record<string, Entity[]> = {};

async function unpack(path: string): Promise<Map<string, Buffer>> {
  const zip = await yauzl.openPromise(path);
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    if (files.has(entry.fileName)) throw new Error(`${entry.fileName} is there twice`);
    files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return files;
}

/** The text that Markdown shows, if it is plain: anything but text and breaks is an error. */
function shown(markdown: string): string {
  const [open, inline, close, ...more] = new MarkdownIt({ html: true }).parse(markdown, {});
  if (open?.type !== "paragraph_open" || close?.type !== "paragraph_close" || more.length > 0) {
    throw new Error(`more than plain text: ${JSON.stringify(markdown)}`);
  }
  const parts = (inline?.children ?? []).map((token) => {
    if (token.type === "text" || token.type === "text_special") return token.content;
    if (token.type === "hardbreak") return "\n";
    throw new Error(`${token.type} in ${JSON.stringify(markdown)}`);
  });
  return parts.join("");
}

function day(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text))) throw new Error(`no day: ${text}`);
  return text;
}

function value(cell: string, type: Type): unknown {
  if (Array.isArray(type)) {
    return cell.split("|").map((title) => {
      const found = type.flatMap((name) => entities[name] ?? []).filter((entity) => entity.title === title);
      if (found.length !== 1) throw new Error(`${found.length} entities are called ${title}`);
      return found[0];
    });
  }
  switch (type) {
    case "numeric":
      return Number(cell);
    case "date":
      return day(cell);
    case "daterange": {
      const [from = "", to = ""] = cell.split(":");
      return { from: day(from), to: day(to) };
    }
    case "geolocation": {
      const [lat, lon] = cell.split("|");
      return { lat: Number(lat), lon: Number(lon) };
    }
    case "select":
    case "multiselect":
      return cell.split("|").map((label) => {
        const parts = label.trim().split("::");
        if (parts.length > 2) throw new Error(`too many groups: ${label}`);
        return parts;
      });
    case "richtext":
      return shown(cell);
    default:
      return cell;
  }
}

/** A header as Uwazi cleans it. */
const safe = (header: string) => header.trim().replace(/[^a-z0-9]/gi, "_").toLowerCase();

async function read(type: string, path: string): Promise<void> {
  const template = TEMPLATES[type];
  if (template === undefined) throw new Error(`no template ${type}`);
  const files = await unpack(path);
  const named = new Set(["import.csv"]);
  const csv = files.get("import.csv");
  if (csv === undefined) throw new Error(`${path} has no import.csv at its root`);
  const rows: Record<string, string>[] = await csvtojson({ delimiter: [",", ";"], flatKeys: true }).fromString(
    csv.toString("utf8"),
  );
  for (const row of rows) {
    const properties: Record<string, unknown> = {};
    for (const [header, cell] of Object.entries(row)) {
      const [property = "", language] = safe(header).split("__");
      if (["title", "attachments"].includes(property)) continue;
      const of = template[property];
      if (of === undefined) throw new Error(`no property ${header}`);
      if (language !== undefined && !(languages.includes(language) && WITH_LANGUAGE.has(of))) {
        throw new Error(`no language in ${header}`);
      }
      if (cell === "") continue;
      properties[language === undefined || language === first ? property : `${property}__${language}`] = value(cell, of);
    }
    const { title, attachments = "" } = row;
    if (title === undefined || title === "") throw new Error("an entity without a title");
    const names = attachments === "" ? [] : attachments.split("|");
    const entity = { title, properties, attachments: names.map((name) => {
      const content = files.get(name);
      if (content === undefined) throw new Error(`${name} file not found`);
      named.add(name);
      return { name, sha256: createHash("sha256").update(content).digest("hex"), size: content.length };
    }) };
    (entities[type] ??= []).push(entity);
  }
  const extra = [...files.keys()].filter((name) => !named.has(name));
  if (extra.length > 0) throw new Error(`nobody asks for ${extra.join(", ")}`);
}

for (const name of readdirSync(folder).filter((name) => name.endsWith(".zip")).sort()) {
  const type = /^\d-([a-z]+)-\d+\.zip$/.exec(name)?.[1];
  if (type === undefined) throw new Error(`what is ${name}?`);
  await read(type, join(folder, name));
}
process.stdout.write(JSON.stringify(entities));
