/** From what was written and chosen to a report that is ready to be sealed. */

import { measure } from "@kua/protocol/attachment.ts";
import { today } from "@kua/protocol/day.ts";
import type { OpenDrop } from "@kua/protocol/drop.ts";
import { signFollowup } from "@kua/protocol/followup.ts";
import type { ObjectId } from "@kua/protocol/ids.ts";
import type { SubmitterKeys } from "@kua/protocol/mailbox.ts";
import { Refused } from "@kua/protocol/refused.ts";
import type { Attachment } from "@kua/protocol/report.generated.ts";
import { buildReport, randomNumber, type Draft, type Routing } from "@kua/protocol/report.ts";
import { Recipients, SealPlan } from "@kua/protocol/seal.ts";
import type { Chunks } from "@kua/protocol/stream.ts";
import { Archive } from "@kua/protocol/tar.ts";
import type { Sealable } from "@kua/protocol/upload.ts";
import type { Progress } from "../calls.ts";
import type { FileContent } from "./file.ts";

export interface Written {
  readonly drop: OpenDrop;
  readonly keys: SubmitterKeys;
  readonly draft: Draft;
  readonly files: readonly FileContent[];
  /** The keys of the chosen readers. */
  readonly to: readonly string[];
  /** The first report of the thread, when there is one. */
  readonly first: ObjectId | undefined;
}

/** Refuses what no reader could take, and as `too-large` (`size`, `limit`) what the drop does not take. */
export async function prepare(written: Written, tell: (progress: Progress) => void): Promise<Sealable> {
  const { drop, draft, files } = written;
  const attachments = await measureAll(files, tell);
  const archive = new Archive(buildReport(draft, routing(written), attachments), attachments);
  const plan = new SealPlan(await recipients(written), archive.length, "report");
  const limit = Math.max(drop.limits.report, drop.limits.wholeReport);
  if (plan.paddedLength > limit) {
    throw new Refused("too-large", "the report is too large for this drop", { size: plan.paddedLength, limit });
  }
  const { paddedLength, sealedLength } = plan;
  const open = (at: number): Chunks => files[at]?.open() ?? nothing();
  return { paddedLength, sealedLength, seal: () => plan.seal(archive.chunks(open)) };
}

async function* nothing(): Chunks {}

/** Reads every file once for its size and digest. */
async function measureAll(files: readonly FileContent[], tell: (progress: Progress) => void): Promise<Attachment[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const attachments: Attachment[] = [];
  let done = 0;
  for (const file of files) {
    const taken = attachments.map(({ name }) => name);
    const counted = counting(file.open(), (length) => {
      done += length;
      tell({ stage: "reading", done, total });
    });
    attachments.push(await measure(file, counted, taken));
  }
  return attachments;
}

async function* counting(chunks: Chunks, count: (length: number) => void): Chunks {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}

function routing({ drop, keys, to, first }: Written): Routing {
  const { drop: id } = drop.roster.roster;
  const number = randomNumber();
  const proof = first && signFollowup({ drop: id, first, number }, keys.signing).toJSON();
  return {
    number,
    drop: id,
    to: drop.roster.sealingKeys(today()).map(({ keys }) => keys.sign.text).filter((key) => to.includes(key)),
    reply: { recipient: keys.identity.recipient, sign: keys.signing.publicKey.text },
    ...(first && proof ? { thread: { first, proof } } : {}),
  };
}

/** Everybody on the roster, in its order: the header is not to tell who was chosen. */
function recipients({ drop, to }: Written): Promise<Recipients> {
  const all = drop.roster.sealingKeys(today());
  return Recipients.of(all.map(({ keys }) => ({ recipient: keys.recipient, chosen: to.includes(keys.sign.text) })));
}
