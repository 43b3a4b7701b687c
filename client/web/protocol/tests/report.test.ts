import { expect, test } from "vitest";

import { measure } from "../src/attachment.ts";
import { toHex, utf8 } from "../src/bytes.ts";
import type { Attachment } from "../src/report.generated.ts";
import { TEXT_LIMIT, buildReport, randomNumber, type Draft, type Routing } from "../src/report.ts";
import { refusal } from "./vectors.ts";

const routing: Routing = {
  number: randomNumber(),
  drop: "02".repeat(16),
  to: ["JndvFA58TIVfnC4Zk2j4xvEW1lLxSSHY4MTV2g0Ns3k"],
  reply: { recipient: `age1pq1${"q".repeat(1952)}`, sign: "mlv9p_VMNEVlyEFYPBqKeCLGebxClTA1eNoAL4DGKiM" },
};
const draft: Draft = { title: "Ұсталды", description: "They took him at dawn." };
const attachment: Attachment = {
  name: "a.jpg",
  media_type: "image/jpeg",
  size: 3,
  sha256: "00".repeat(32),
  metadata: "removed",
};
const build = (change: Partial<Draft>, files: readonly Attachment[] = []) =>
  buildReport({ ...draft, ...change }, routing, files);

test("report.json has its fields in the order of the Rust code", () => {
  const report = JSON.parse(new TextDecoder().decode(build({ severity: "urgent" }, [attachment]))) as object;
  const fields = ["format", "number", "drop", "to", "reply", "attachments", "title", "description", "severity"];
  expect(Object.keys(report)).toEqual(fields);
  expect(report).toMatchObject({ ...routing, ...draft, format: "kua-report/1", attachments: [attachment] });
  expect(randomNumber()).not.toBe(routing.number);
});

test.each<[string, Partial<Draft>]>([
  ["language", { language: "kazakh!" }],
  ["occurred.from", { occurred: { from: "2010-02-30", precision: "day" } }],
  ["occurred.from", { occurred: { from: "2010-13", precision: "month" } }],
  ["occurred.precision", { occurred: { from: "2010-10", precision: "day" } }],
  ["occurred.to", { occurred: { from: "2010-10-11", to: "2010-10-10", precision: "day" } }],
  ["occurred.to", { occurred: { from: "2010-10-11", to: "2010-11", precision: "day" } }],
  ["occurred.part_of_day", { occurred: { from: "2010", precision: "year", part_of_day: "night" } }],
  ["place.country", { place: { country: "kz" } }],
  ["place.lat", { place: { lat: 49.7 } }],
  ["place.lat", { place: { lat: 90.1, lon: 0 } }],
  ["place.lon", { place: { lat: 0, lon: -180.1 } }],
  ["victims.age", { victims: [{ kind: "individual", age: 300 }] }],
  ["victims.count", { victims: [{ kind: "group", count: 0 }] }],
  ["perpetrators.count", { perpetrators: [{ type: "unknown", count: 1.5 }] }],
])("a wrong %s is named", (field, change) => {
  expect(refusal(() => build(change))).toMatchObject({ why: "field", details: { field } });
});

test.each<Partial<Draft>>([
  { occurred: { from: "2010-10-11", to: "2010-10-12", precision: "day", part_of_day: "morning" } },
  { occurred: { from: "2010-10", precision: "estimate" } },
  { occurred: { from: "2012-02-29", precision: "day" } },
  { language: "pt-BR", place: { name: "Шахтинск", country: "KZ", lat: -90, lon: 180 } },
  { victims: [{ kind: "group", count: 40, age: null }], perpetrators: [{ type: "governmental" }] },
])("%j is taken", (change) => {
  build(change);
});

test("what is missing or too much is said", () => {
  expect(refusal(() => build({ title: " \u3000\n" }))).toMatchObject({ why: "missing", details: { field: "title" } });
  const room = TEXT_LIMIT - utf8(draft.title).length;
  build({ description: "x".repeat(room) });
  expect(refusal(() => build({ description: "x".repeat(room + 1) })).why).toBe("too-much-text");
  expect(refusal(() => build({ description: "ә".repeat(room / 2 + 1) })).why).toBe("too-much-text");
  for (const to of [[], ["a", "a"], Array.from({ length: 17 }, (_, at) => `${at}`)]) {
    expect(refusal(() => buildReport(draft, { ...routing, to }, [])).details).toEqual({ field: "to" });
  }
});

test("attachments are held to their rules", () => {
  const files = (...names: string[]) => build({}, names.map((name) => ({ ...attachment, name })));
  files("a.jpg", "b.jpg");
  expect(refusal(() => files("a.jpg", "A.JPG")).why).toBe("name");
  expect(refusal(() => files("../a.jpg")).why).toBe("name");
  expect(refusal(() => build({}, [{ ...attachment, media_type: "image" }])).why).toBe("field");
  expect(refusal(() => build({}, [{ ...attachment, size: -1 }])).why).toBe("field");
});

test("half a character becomes a sign for it, and not JSON that nobody reads", () => {
  expect(new TextDecoder().decode(build({ description: "a\ud83d" }))).toContain('"a\ufffd"');
});

test("a file is measured and gets a name of its own", async () => {
  async function* content(): AsyncGenerator<Uint8Array, void> {
    yield utf8("ab");
    yield utf8("c");
  }
  const file = { originalName: "dir/a.jpg", mediaType: "image/jpeg", metadata: "none-found" } as const;
  const measured = await measure(file, content(), ["dir_A.jpg"]);
  expect(measured).toEqual({
    name: "dir_a (2).jpg",
    original_name: "dir/a.jpg",
    media_type: "image/jpeg",
    size: 3,
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    metadata: "none-found",
  });
  const plain = await measure({ ...file, originalName: "b", mediaType: "" }, content(), []);
  expect(plain).toMatchObject({ name: "b", media_type: "application/octet-stream" });
  expect(plain).not.toHaveProperty("original_name");
  expect(toHex(utf8("ab"))).toBe("6162");
});
