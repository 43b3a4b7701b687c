import { expect, test } from "vitest";

import { utf8 } from "../src/bytes.ts";
import type { Day } from "../src/day.ts";
import { readDrop } from "../src/drop.ts";
import { DropLink } from "../src/link.ts";
import { vectors, whyRefused } from "./vectors.ts";

interface Rosters {
  root: { text: string };
  case: { envelope: string; drop: string };
  refused: { why: string; envelope: string }[];
}

const { root, case: good, refused } = vectors<Rosters>("roster.json");
const link = DropLink.parse(`https://drop.example/#${root.text}`);
const day = "2026-03-21" as Day;
const limits = { text: 65_536, whole_report: 1_048_576, report: 2_147_483_648, mailbox_objects: 500, open_uploads: 4 };
const info = { format: "kua-drop/1", drop: good.drop, roster: JSON.parse(good.envelope) as unknown, limits };
const read = (change: object, on = day) => readDrop(utf8(JSON.stringify({ ...info, ...change })), link, on);
const why = (change: object, on = day) => whyRefused(() => read(change, on));

test("a drop with a good roster is open", () => {
  const drop = read({ successions: [], later: "more" });
  expect(drop.roster.roster.drop).toBe(good.drop);
  expect(drop.limits).toEqual({
    text: 65_536,
    wholeReport: 1_048_576,
    report: 2_147_483_648,
    mailboxObjects: 500,
    openUploads: 4,
    retentionDays: 0,
  });
  // What is told of the time for which reports are kept.
  expect(read({ limits: { ...limits, retention_days: 180 } }).limits.retentionDays).toBe(180);
  expect(why({ limits: { ...limits, retention_days: -1 } })).toBe("malformed");
});

test("a drop that shows anything else is not", () => {
  expect(why({ roster: null })).toBe("not-open");
  expect(why({ drop: "00".repeat(16) })).toBe("other-drop");
  expect(why({ format: "kua-drop/2" })).toBe("malformed");
  expect(why({ limits: { ...limits, report: "much" } })).toBe("malformed");
  expect(why({ limits: null })).toBe("malformed");
  expect(why({ roster: [] })).toBe("malformed");
  expect(why({}, "2026-06-01" as Day)).toBe("expired");
  expect(why({}, "2026-02-27" as Day)).toBe("not-yet");
  for (const { why: expected, envelope } of refused) expect(why({ roster: JSON.parse(envelope) })).toBe(expected);
});
