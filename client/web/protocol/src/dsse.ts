/** Signed statements: DSSE 1.0.2 envelopes with one Ed25519 signature. */

import { concat, fromEitherBase64, toBase64, utf8 } from "./bytes.ts";
import { digestOf, type Digest } from "./ids.ts";
import { isObject, parseJson, type Json, type JsonObject } from "./json.ts";
import { PublicKey, type SigningKey } from "./keys.ts";
import { Refused } from "./refused.ts";

/** The kinds of statements: the middle of their payload types. */
export type Kind = "roster" | "succession" | "receipt" | "reply" | "entry" | "grant" | "followup";

/** An envelope as JSON writes it. */
export interface EnvelopeForm {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** A statement whose signature holds; its content is still to be read. */
export interface Verified {
  readonly content: JsonObject;
  readonly signer: PublicKey;
  /** The SHA-256 of the payload's bytes. */
  readonly digest: Digest;
}

/** Most bytes that an envelope may have as JSON. */
const MAX_ENVELOPE = 256 * 1024;

export function payloadType(kind: Kind): string {
  return `application/vnd.kua.${kind}+json`;
}

/** `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body` (DSSE, "Protocol"). */
export function preAuthenticationEncoding(type: string, payload: Uint8Array): Uint8Array {
  return concat(utf8(`DSSEv1 ${utf8(type).length} ${type} ${payload.length} `), payload);
}

/** An envelope whose form was checked and whose signature was not. */
export class Envelope {
  private constructor(
    readonly type: string,
    readonly payload: Uint8Array,
    /** The key that the envelope claims to be signed with. */
    readonly claimedSigner: PublicKey,
    readonly signature: Uint8Array,
  ) {}

  /** Signs a statement's bytes. */
  static sign(kind: Kind, payload: Uint8Array, key: SigningKey): Envelope {
    const type = payloadType(kind);
    return new Envelope(type, payload, key.publicKey, key.sign(preAuthenticationEncoding(type, payload)));
  }

  /** Reads an envelope from its JSON. Refuses as `malformed`. */
  static parse(bytes: Uint8Array): Envelope {
    if (bytes.length > MAX_ENVELOPE) throw malformed(`more than ${MAX_ENVELOPE} bytes`);
    return Envelope.fromJson(parseJson(bytes));
  }

  /** Reads an envelope that stands in a larger piece of JSON, which was read strictly. Refuses as `malformed`. */
  static fromJson(value: Json): Envelope {
    if (!isObject(value)) throw malformed("it is no object");
    const { payload, payloadType, signatures } = value;
    if (typeof payload !== "string" || typeof payloadType !== "string" || !Array.isArray(signatures)) {
      throw malformed("a field is missing");
    }
    const [signature] = signatures as readonly Json[];
    if (signatures.length !== 1 || !isObject(signature)) throw malformed("one signature is needed");
    const { keyid, sig } = signature;
    const bytes = fromEitherBase64(payload);
    if (!bytes) throw malformed("the payload is not base64");
    const signer = typeof keyid === "string" ? PublicKey.parse(keyid) : undefined;
    if (!signer) throw malformed("the keyid is not an Ed25519 key in base64url");
    const signatureBytes = typeof sig === "string" ? fromEitherBase64(sig) : undefined;
    if (signatureBytes?.length !== 64) throw malformed("the signature is not 64 bytes in base64");
    return new Envelope(payloadType, bytes, signer, signatureBytes);
  }

  /** The envelope as JSON writes it. */
  toJSON(): EnvelopeForm {
    return {
      payload: toBase64(this.payload),
      payloadType: this.type,
      signatures: [{ keyid: this.claimedSigner.text, sig: toBase64(this.signature) }],
    };
  }

  /**
   * Checks kind and signature, then parses exactly the bytes that were signed.
   *
   * Refuses as `other-kind`, `bad-signature` (also where `trusts` says no), or `content`.
   */
  verify(kind: Kind, trusts: (signer: PublicKey) => boolean): Verified {
    if (this.type !== payloadType(kind)) {
      throw new Refused("other-kind", `the signed statement is of another kind: ${this.type.slice(0, 80)}`);
    }
    const encoding = preAuthenticationEncoding(this.type, this.payload);
    if (!trusts(this.claimedSigner) || !this.claimedSigner.verifies(encoding, this.signature)) {
      throw new Refused("bad-signature", "the statement's signature does not verify");
    }
    return { content: parseContent(this.payload), signer: this.claimedSigner, digest: digestOf(this.payload) };
  }
}

function parseContent(payload: Uint8Array): JsonObject {
  try {
    const content = parseJson(payload);
    if (isObject(content)) return content;
  } catch {
    // The reason belongs to JSON; to the reader it is one thing.
  }
  throw new Refused("content", "the signed statement's content is malformed");
}

function malformed(what: string): Refused {
  return new Refused("malformed", `the signed statement is malformed: ${what}`);
}
