/** Sealing an archive to a roster's coordinators, in a size that is known before (protocol, "A report"). */

import { Encrypter, Stanza, generateHybridIdentity, identityToRecipient } from "age-encryption";

import { toHex } from "./bytes.ts";
import type { ObjectId } from "./ids.ts";
import { HEADER_SLACK, paddedLength, type Floor } from "./padme.ts";
import { isRecipient } from "./recipient.ts";
import { Refused } from "./refused.ts";
import { MAX_COORDINATORS } from "./roster.ts";
import { beginSha256 } from "./sha256.ts";
import { chunksOf, streamOf, type Chunks } from "./stream.ts";

/** Bytes of a header without stanzas: the version line and the MAC line. */
const BARE_HEADER = 22 + 48;
/** Bytes of one `mlkem768x25519` stanza: `-> mlkem768x25519 `, 1494 letters, line feed; 43 letters, line feed. */
const STANZA = 18 + 1494 + 1 + 43 + 1;
const NONCE = 16;
const CHUNK = 64 * 1024;
const TAG = 16;

/** A coordinator of the roster, and whether the submitter chose this person. */
export interface Candidate {
  readonly recipient: string;
  readonly chosen: boolean;
}

/** What was sealed. */
export interface Sealed {
  readonly id: ObjectId;
  readonly size: number;
}

/**
 * Who can open what is sealed: at least one chosen recipient, and a throw-away key for everyone who was not chosen.
 *
 * All of a roster's coordinators get a stanza, in the roster's order, so that the header does not tell who was chosen.
 */
export class Recipients {
  private constructor(readonly texts: readonly string[]) {}

  /** Refuses as `nobody-chosen`, `too-many-recipients`, or `recipient` (`position`) for any that is not valid. */
  static async of(roster: readonly Candidate[]): Promise<Recipients> {
    if (!roster.some(({ chosen }) => chosen)) {
      throw new Refused("nobody-chosen", "nobody was chosen who could open this");
    }
    if (roster.length > MAX_COORDINATORS) {
      throw new Refused("too-many-recipients", `there are more than ${MAX_COORDINATORS} recipients`);
    }
    const texts = [];
    for (const [at, { recipient, chosen }] of roster.entries()) {
      const position = at + 1;
      if (!(await isRecipient(recipient))) {
        throw new Refused("recipient", `recipient ${position} is not valid`, { position });
      }
      texts.push(chosen ? recipient : await throwAway());
    }
    return new Recipients(texts);
  }

  /** The header's length without grease, in bytes. */
  get headerLength(): number {
    return BARE_HEADER + STANZA * this.texts.length;
  }
}

/** A recipient whose identity is forgotten on the spot. */
async function throwAway(): Promise<string> {
  return identityToRecipient(await generateHybridIdentity());
}

/** A sealing of known size that has yet to happen. */
export class SealPlan {
  /** B, the length of plaintext and grease in bytes, which a drop's limits count. */
  readonly paddedLength: number;
  /** The length of the sealed object in bytes, which is `Upload-Length`. */
  readonly sealedLength: number;

  /** Plans to seal an archive of exactly so many bytes. Refuses as `too-large`. */
  constructor(
    private readonly recipients: Recipients,
    private readonly archiveLength: number,
    floor: Floor,
  ) {
    this.paddedLength = paddedLength(BigInt(archiveLength), floor);
    this.sealedLength = sealedLength(recipients.headerLength, this.paddedLength);
  }

  /**
   * Seals the archive under a new file key, piece by piece and in constant memory; at the end says what was sealed.
   *
   * To start again, call it again: a file key never seals other bytes. Refuses as `changed` unless the archive has
   * exactly the planned length; what was given out by then is worthless.
   */
  async *seal(archive: Chunks): AsyncGenerator<Uint8Array, Sealed> {
    const grease = greaseStanza();
    const encrypter = new Encrypter();
    for (const recipient of this.recipients.texts) encrypter.addRecipient(recipient);
    // Last, where the age crate puts its own.
    encrypter.addRecipient({ wrapFileKey: () => [grease] });
    // What grease took from the header is taken from the zeros. The archive is at least that much shorter than B.
    const plaintext = this.padded(archive, this.paddedLength - stanzaLength(grease));
    const digest = await beginSha256();
    let size = 0;
    for await (const chunk of chunksOf(await encrypter.encrypt(streamOf(plaintext)))) {
      digest.update(chunk);
      size += chunk.length;
      yield chunk;
    }
    if (size !== this.sealedLength) throw new Refused("mistake", "this program made a mistake and sealed nothing");
    return { id: toHex(digest.digest()) as ObjectId, size };
  }

  /** The archive, which must have the planned length, and zeros up to so many bytes. */
  private async *padded(archive: Chunks, length: number): AsyncGenerator<Uint8Array, void> {
    let left = this.archiveLength;
    for await (const chunk of archive) {
      left -= chunk.length;
      if (left < 0) break;
      yield chunk;
    }
    if (left !== 0) throw new Refused("changed", "a file changed while it was being sealed; start again");
    for (let zeros = length - this.archiveLength; zeros > 0; zeros -= CHUNK) {
      yield new Uint8Array(Math.min(zeros, CHUNK));
    }
  }
}

/** The length of a sealed object with a header of so many bytes without grease, and so many bytes of B. */
export function sealedLength(headerLength: number, paddedLength: number): number {
  return headerLength + NONCE + paddedLength + TAG * Math.ceil(paddedLength / CHUNK);
}

/**
 * A stanza that means nothing, of random words and a random body, as the age crate adds one: readers must take unknown
 * stanzas, and a header is to tell neither how many coordinators there are nor which program sealed.
 */
function greaseStanza(): Stanza {
  const words = Array.from({ length: randomBelow(5) }, randomWord);
  const body = crypto.getRandomValues(new Uint8Array(randomBelow(100)));
  return new Stanza([`${randomWord()}-grease`, ...words], body);
}

/** One to eight visible characters of ASCII. */
function randomWord(): string {
  return Array.from({ length: 1 + randomBelow(8) }, () => String.fromCharCode(33 + randomBelow(94))).join("");
}

/** A random number below a limit of at most 256, each as likely. */
function randomBelow(limit: number): number {
  for (;;) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 256 - (256 % limit)) return byte % limit;
  }
}

/** The bytes of a stanza in a header (C2SP age, "The age file header"). Refuses what is longer than was set aside. */
function stanzaLength({ args, body }: Stanza): number {
  const letters = Math.ceil((body.length * 4) / 3);
  const length = 3 + args.join(" ").length + 1 + letters + Math.floor(letters / 64) + 1;
  if (length >= HEADER_SLACK) throw new Refused("mistake", "this program made a mistake and sealed nothing");
  return length;
}
