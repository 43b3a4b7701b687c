/**
 * Sending a sealed report over lines that break: whole in one request, or in portions (tus 1.0.0).
 *
 * Sealed bytes come as a stream and are gone when they were sent, but for the portion that the drop has not
 * acknowledged yet. When the line breaks, the drop is asked how far it came, and the same bytes go on from there.
 */

import { toBase64, type Bytes } from "./bytes.ts";
import { isProblem, type Connection, type Signer } from "./connection.ts";
import type { OpenDrop } from "./drop.ts";
import { receiptFromHeader, verifyReceipt, type Receipt } from "./receipt.ts";
import { Refused } from "./refused.ts";
import type { Sealed } from "./seal.ts";
import { sha256OfWhole } from "./sha256.ts";
import { gather } from "./stream.ts";
import { PORTIONS, PortionSize, Tries } from "./tries.ts";

/** Bytes that are kept until the drop has acknowledged them. One request carries all of them, or less on a bad line. */
export const PORTION = PORTIONS[1];
/** How often a report is sealed anew when the drop has forgotten an upload. */
const STARTS = 3;
const TUS = { "tus-resumable": "1.0.0" } as const;
const UPLOADS = "/v1/uploads";

/** Where the person sees how far it came. */
export interface Watch {
  /** So many sealed bytes are with the drop. */
  sent(bytes: number): void;
  /** The line broke: nothing is sent until it is back. */
  waiting(): void;
}

/** A report that is ready to be sealed, each time under a new file key. */
export interface Sealable {
  readonly paddedLength: number;
  readonly sealedLength: number;
  seal(): AsyncGenerator<Uint8Array, Sealed>;
}

/** A drop and who writes to it. */
export interface Sender {
  readonly connection: Connection;
  readonly drop: OpenDrop;
  readonly by: Signer;
}

/** What became of a report: the drop's signed word, in its header's form, and what it says. */
export interface Taken {
  readonly field: string;
  readonly receipt: Receipt;
}

/** Seals a report and sends it. Refuses whatever keeps it from being sent; then nothing was acknowledged. */
export async function send(to: Sender, report: Sealable, watch: Watch): Promise<Taken> {
  if (report.paddedLength <= to.drop.limits.wholeReport) {
    try {
      return await sendWhole(to, report, watch);
    } catch (error) {
      // In one request it does not get through something before the drop: in portions it may.
      if (!isTooLargeInFront(error)) throw error;
    }
  }
  for (let start = 1; ; start += 1) {
    try {
      return await sendInPortions(to, report, watch);
    } catch (error) {
      if (!(error instanceof Refused && error.why === "lost") || start >= STARTS) throw error;
    }
  }
}

async function sendWhole(to: Sender, report: Sealable, watch: Watch): Promise<Taken> {
  const { bytes: body, end } = await gather(report.seal());
  const headers = { "content-type": "application/octet-stream" };
  const tries = new Tries();
  for (;;) {
    try {
      // The same bytes sent twice are one report.
      const answer = await to.connection.signed({ method: "POST", path: "/v1/reports", headers, body }, to.by);
      const taken = takenBy(to, answer, end);
      watch.sent(end.size);
      return taken;
    } catch (error) {
      if (isTooLargeInFront(error)) throw error;
      await tries.pause(error, () => watch.waiting());
    }
  }
}

/** Whether something before the drop takes no body of this size; the drop itself would say so as a problem. */
function isTooLargeInFront(error: unknown): boolean {
  return error instanceof Refused && error.details["kind"] === "" && error.details["status"] === 413;
}

async function sendInPortions(to: Sender, report: Sealable, watch: Watch): Promise<Taken> {
  const upload = await Upload.begin(to, report.sealedLength, watch);
  const portions = inPortions(report.seal());
  for (;;) {
    let next;
    try {
      next = await portions.next();
    } catch (error) {
      await upload.giveUp();
      throw error;
    }
    if (next.done) return takenBy(to, await upload.end(), next.value);
    await upload.send(next.value);
  }
}

/** Checks that the drop took in what was sealed and nothing else. Refuses as `dishonest`. */
function takenBy({ drop }: Sender, answer: Response, { id, size }: Sealed): Taken {
  const field = answer.headers.get("kua-receipt") ?? "";
  let receipt: Receipt;
  try {
    receipt = verifyReceipt(receiptFromHeader(field), drop.roster);
  } catch {
    throw new Refused("dishonest", "the drop took the report and gave no receipt that holds");
  }
  if (receipt.report !== id || receipt.size !== size) {
    throw new Refused("dishonest", "the drop's receipt is for something else");
  }
  return { field, receipt };
}

/**
 * Gathers a stream into portions of one size and a smaller last one; says at the end what the stream said.
 *
 * A portion lasts until the next one is asked for: all of them lie in the same memory.
 */
export async function* inPortions<T>(
  chunks: AsyncGenerator<Uint8Array, T>,
  size: number = PORTION,
): AsyncGenerator<Bytes, T> {
  const portion = new Uint8Array(size);
  let filled = 0;
  for (;;) {
    const { done, value } = await chunks.next();
    if (done) {
      if (filled > 0) yield portion.subarray(0, filled);
      return value;
    }
    for (let at = 0; at < value.length; ) {
      const part = value.subarray(at, at + size - filled);
      portion.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      yield portion;
      filled = 0;
    }
  }
}

/** An upload that is under way. */
class Upload {
  /** Bytes that the drop has acknowledged. */
  #offset = 0;
  readonly #tries = new Tries();
  #last: Response | undefined;
  readonly #size = new PortionSize();

  private constructor(
    private readonly connection: Connection,
    private readonly path: string,
    private readonly length: number,
    private readonly watch: Watch,
  ) {}

  static async begin({ connection, by }: Sender, length: number, watch: Watch): Promise<Upload> {
    const tries = new Tries();
    for (;;) {
      try {
        const answer = await connection.signed({ method: "POST", path: UPLOADS, headers: TUS }, by, length);
        return new Upload(connection, pathOf(answer.headers.get("location")), length, watch);
      } catch (error) {
        await tries.pause(error, () => watch.waiting());
      }
    }
  }

  /** Sends a portion, however often the line breaks. */
  async send(portion: Bytes): Promise<void> {
    const begin = this.#offset;
    const end = begin + portion.length;
    while (this.#offset < end) {
      const from = this.#offset - begin;
      const answer = await this.#patch(portion.subarray(from, from + this.#size.bytes));
      const offset = Number(answer.headers.get("upload-offset") ?? "NaN");
      if (!(offset >= begin && offset <= end)) {
        throw new Refused("dishonest", "the drop lost bytes that it had acknowledged");
      }
      if (offset > this.#offset) this.#tries.succeeded();
      this.#offset = offset;
      this.watch.sent(offset);
      this.#last = answer;
    }
  }

  /** The answer with the receipt. */
  async end(): Promise<Response> {
    if (this.#offset < this.length) throw new Refused("mistake", "this program made a mistake and sent too little");
    return this.#last?.headers.has("kua-receipt") ? this.#last : this.#head();
  }

  /** Tells the drop that nothing more will come; if it does not hear it, the upload's time will end it. */
  async giveUp(): Promise<void> {
    await this.connection.send({ method: "DELETE", path: this.path, headers: TUS }).catch(() => undefined);
  }

  /** One try to send; when it fails, asks how far it came. */
  async #patch(body: Bytes): Promise<Response> {
    const headers = {
      ...TUS,
      "content-type": "application/offset+octet-stream",
      "upload-offset": String(this.#offset),
      "upload-checksum": `sha256 ${toBase64(await sha256OfWhole(body))}`,
    };
    try {
      const answer = await this.connection.send({ method: "PATCH", path: this.path, headers, body });
      this.#size.succeeded();
      return answer;
    } catch (error) {
      this.#size.failed();
      await this.#pause(error);
      return this.#head();
    }
  }

  async #head(): Promise<Response> {
    for (;;) {
      try {
        return await this.connection.send({ method: "HEAD", path: this.path, headers: TUS });
      } catch (error) {
        await this.#pause(error);
      }
    }
  }

  async #pause(error: unknown): Promise<void> {
    if (isProblem(error, "not-found")) throw new Refused("lost", "the drop has forgotten the upload");
    await this.#tries.pause(error, () => this.watch.waiting());
  }
}

/** The upload's path. Another host would see what only this drop may see. */
function pathOf(location: string | null): string {
  if (location === null || !/^\/v1\/uploads\/[A-Za-z0-9_-]{1,128}$/.test(location)) {
    throw new Refused("dishonest", "the drop does not say where the upload goes on");
  }
  return location;
}
