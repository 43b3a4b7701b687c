/**
 * Generated from docs/schema/kua-report-1.schema.json by `npm run generate`; change the schema and not this file.
 *
 * The types are for writing. A reader meets fields of later versions too.
 */

/**
 * The one format of report.json that exists so far.
 */
export type Format = "kua-report/1";
/**
 * When in the day it happened; the standard has no list for this.
 */
export type PartOfDay = "morning" | "afternoon" | "evening" | "night";
/**
 * What was done to someone, by the right that it violates (thesaurus 4, "Types of acts"; field 2109).
 */
export type Act =
  | "life"
  | "personal-integrity"
  | "liberty"
  | "privacy"
  | "movement"
  | "equality"
  | "family"
  | "reproduction"
  | "information"
  | "expression"
  | "belief"
  | "association"
  | "property"
  | "reputation"
  | "creativity"
  | "science"
  | "political-participation"
  | "labour"
  | "children"
  | "ageing"
  | "aliens"
  | "disability"
  | "accused"
  | "detained"
  | "minorities"
  | "refugees"
  | "social-security"
  | "housing"
  | "food"
  | "health"
  | "education"
  | "environment";
/**
 * How far a piece of information can be relied on (thesaurus 42; field 2553).
 */
export type Reliability =
  "highly-reliable" | "likely-reliable" | "unsure" | "likely-unreliable" | "highly-unreliable" | "unknown";
/**
 * How soon someone should act (thesaurus 46, "Priority"; field 2652).
 */
export type Severity = "urgent" | "high" | "priority" | "low";

/**
 * An incident report as it is sealed: the event, where it goes, how to answer, and what comes with it.
 */
export interface KuaReport1 {
  format: Format;
  /**
   * The report's own random number, 16 bytes: no two reports are the same bytes.
   */
  number: string;
  /**
   * The drop that it was written for.
   */
  drop: string;
  /**
   * The Ed25519 keys of the coordinators who can read it, at least one, each once.
   *
   * @minItems 1
   * @maxItems 16
   */
  to: string[];
  reply: Reply;
  /**
   * For a follow-up: the thread that it belongs to.
   */
  thread?: Thread | null;
  /**
   * The files that come with it, in the order of the archive (0167).
   */
  attachments?: Attachment[];
  /**
   * A line by which people recognise the event (0102).
   */
  title: string;
  /**
   * What happened, in the reporter's words (0115).
   */
  description: string;
  /**
   * The language of title and description, as a BCP 47 tag such as `kk` or `pt-BR` (2510).
   */
  language?: string | null;
  /**
   * When it happened (0113, 0114).
   */
  occurred?: Occurred | null;
  /**
   * Where it happened (0111, 0112).
   */
  place?: Place | null;
  /**
   * What was done, by the rights that it violates (2109, thesaurus 4).
   */
  acts?: Act[];
  /**
   * To whom it was done (2102).
   */
  victims?: Victim[];
  /**
   * Who did it (2402).
   */
  perpetrators?: Perpetrator[];
  /**
   * Where the information comes from (2502).
   */
  sources?: Source[];
  /**
   * What was done about it so far (2602).
   */
  interventions?: Intervention[];
  /**
   * How soon someone should act, as the reporter sees it (2652, thesaurus 46).
   */
  severity?: Severity | null;
}
/**
 * How to answer.
 */
export interface Reply {
  /**
   * The age recipient that replies are sealed to.
   */
  recipient: string;
  /**
   * The mailbox's Ed25519 key.
   */
  sign: string;
}
/**
 * The thread that a follow-up belongs to, and the proof that the same person writes.
 */
export interface Thread {
  /**
   * The id of the first report of the thread.
   */
  first: string;
  /**
   * The mailbox key's word for it: a DSSE envelope of type `application/vnd.kua.followup+json` over drop id, that id
   * and this report's number.
   */
  proof: {};
}
/**
 * One file beside the report (0167): its name, its form and its digest.
 */
export interface Attachment {
  /**
   * The name in the archive, safe on every system.
   */
  name: string;
  /**
   * The name that the person knows it by, where it had to be changed.
   */
  original_name?: string | null;
  /**
   * The media type, as in RFC 9110, section 8.3.1: `image/jpeg`.
   */
  media_type: string;
  /**
   * How many bytes there are, at most 2^53 − 1.
   */
  size: number;
  /**
   * The SHA-256 of the bytes.
   */
  sha256: string;
  /**
   * What became of the metadata inside the file.
   */
  metadata: "kept" | "removed" | "none-found" | "not-checked";
}
/**
 * When the event happened: a date, or the first and last of several.
 */
export interface Occurred {
  /**
   * The date, or the first one (0113).
   */
  from: string;
  /**
   * The last date, when it went on; as exact as the first (0114).
   */
  to?: string | null;
  /**
   * How exactly the dates are known (thesaurus 48).
   */
  precision: "day" | "month" | "year" | "estimate";
  /**
   * When in the day; only beside a date that has a day.
   */
  part_of_day?: PartOfDay | null;
}
/**
 * Where the event happened.
 */
export interface Place {
  /**
   * The place in words (0112).
   */
  name?: string | null;
  /**
   * The country, as ISO 3166-1 writes it in two capitals (0111).
   */
  country?: string | null;
  /**
   * Degrees north, −90 to 90 (WGS 84); only together with `lon`.
   */
  lat?: number | null;
  /**
   * Degrees east, −180 to 180 (WGS 84); only together with `lat`.
   */
  lon?: number | null;
}
/**
 * Someone to whom it was done (2102).
 */
export interface Victim {
  /**
   * Who is counted as one (0902, thesaurus 7).
   */
  kind: "individual" | "family" | "group" | "community" | "social-group" | "people-in-general";
  /**
   * The victim's name, or a name that stands for it (0903).
   */
  name?: string | null;
  /**
   * What the victim does or stands for, in local words (0923).
   */
  role?: string | null;
  /**
   * Age in years when it happened (2118).
   */
  age?: number | null;
  /**
   * How many people a group has (0931).
   */
  count?: number | null;
  /**
   * What else should be known about the victim (0930, 0944).
   */
  description?: string | null;
}
/**
 * Someone who did it (2402).
 */
export interface Perpetrator {
  /**
   * What kind of power stood behind it (2412, thesaurus 24).
   */
  type:
    | "governmental"
    | "non-governmental"
    | "occupying-forces"
    | "private-powerful"
    | "commercial"
    | "international-financial-institution"
    | "other"
    | "unknown";
  /**
   * The perpetrator's name, where it is known (0903).
   */
  name?: string | null;
  /**
   * How many there were (0931).
   */
  count?: number | null;
  /**
   * Unit, uniform, looks: what may help to know them again (0930, 0944).
   */
  description?: string | null;
}
/**
 * Where a piece of information comes from (2502).
 */
export interface Source {
  /**
   * How the source came to know, in free words (2509).
   */
  connection: string;
  /**
   * How far the information can be relied on (2553, thesaurus 42).
   */
  reliability?: Reliability | null;
}
/**
 * What someone did about it (2601).
 */
export interface Intervention {
  /**
   * Who intervened (2602).
   */
  by: string;
  /**
   * What came of it (2614).
   */
  result?: string | null;
}

/** Every word of each vocabulary. */
export const VOCABULARIES = {
  Metadata: ["kept", "removed", "none-found", "not-checked"],
  DatePrecision: ["day", "month", "year", "estimate"],
  PartOfDay: ["morning", "afternoon", "evening", "night"],
  Act: ["life", "personal-integrity", "liberty", "privacy", "movement", "equality", "family", "reproduction", "information", "expression", "belief", "association", "property", "reputation", "creativity", "science", "political-participation", "labour", "children", "ageing", "aliens", "disability", "accused", "detained", "minorities", "refugees", "social-security", "housing", "food", "health", "education", "environment"],
  VictimKind: ["individual", "family", "group", "community", "social-group", "people-in-general"],
  PerpetratorType: ["governmental", "non-governmental", "occupying-forces", "private-powerful", "commercial", "international-financial-institution", "other", "unknown"],
  Reliability: ["highly-reliable", "likely-reliable", "unsure", "likely-unreliable", "highly-unreliable", "unknown"],
  Severity: ["urgent", "high", "priority", "low"],
} as const;
