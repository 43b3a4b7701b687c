/** The proof that a follow-up is by the same person as the first report (protocol, "thread"). */

import { utf8 } from "./bytes.ts";
import { Envelope } from "./dsse.ts";
import type { DropId, ObjectId } from "./ids.ts";
import type { SigningKey } from "./keys.ts";

export interface Followup {
  readonly drop: DropId;
  /** The id of the thread's first report. */
  readonly first: ObjectId;
  /** The follow-up's own random number, 16 bytes in lower-case hex: elsewhere the proof says nothing. */
  readonly number: string;
}

/** Signs the statement with the mailbox key. */
export function signFollowup({ drop, first, number }: Followup, key: SigningKey): Envelope {
  return Envelope.sign("followup", utf8(JSON.stringify({ drop, first, number })), key);
}
