/** The answer to `GET /v1/drop`: the roster, and what the drop takes. Nothing of it is used before it was verified. */

import type { Day } from "./day.ts";
import { Envelope } from "./dsse.ts";
import { isObject, parseJson, type Json } from "./json.ts";
import type { DropLink } from "./link.ts";
import { Refused } from "./refused.ts";
import { VerifiedRoster } from "./roster.ts";

const FORMAT = "kua-drop/1";

/** What a drop says that it takes, in bytes and numbers; sizes count B and not the header. */
export interface Limits {
  readonly text: number;
  /** Of a report sent in one request. */
  readonly wholeReport: number;
  readonly report: number;
  /** Objects that one mailbox may hold. */
  readonly mailboxObjects: number;
  /** Unfinished uploads of one mailbox. */
  readonly openUploads: number;
  /** Days that a report is kept, about a week more or less; 0 where it is not told. */
  readonly retentionDays: number;
}

/** A drop whose roster was verified against its link and is in date. */
export interface OpenDrop {
  readonly roster: VerifiedRoster;
  readonly limits: Limits;
}

/**
 * Reads what the drop behind a link answered. There is no way around the check.
 *
 * Refuses as `malformed`, `not-open`, `other-drop`, and all that `VerifiedRoster` refuses.
 */
export function readDrop(answer: Uint8Array, link: DropLink, today: Day): OpenDrop {
  const info = parseJson(answer);
  if (!isObject(info) || info["format"] !== FORMAT || !isObject(info["limits"])) {
    throw new Refused("malformed", `the drop's answer is not of the format ${FORMAT}`);
  }
  if (info["roster"] == null) throw new Refused("not-open", "this drop has no roster yet");
  const roster = VerifiedRoster.verify(Envelope.fromJson(info["roster"]), link.root);
  roster.checkDate(today);
  if (info["drop"] !== roster.roster.drop) {
    throw new Refused("other-drop", "the drop names another drop than its roster");
  }
  const { text, whole_report, report, mailbox_objects, open_uploads, retention_days } = info["limits"];
  return {
    roster,
    limits: {
      text: count(text),
      wholeReport: count(whole_report),
      report: count(report),
      mailboxObjects: count(mailbox_objects),
      openUploads: open_uploads === undefined ? 0 : count(open_uploads),
      retentionDays: retention_days === undefined ? 0 : count(retention_days),
    },
  };
}

function count(value: Json | undefined): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw new Refused("malformed", "the drop's limits are no numbers");
}
