/** Speaking to a drop: its requests, the nonce that comes with each answer, and its problems (protocol, "Requests"). */

import { concat, type Bytes } from "./bytes.ts";
import { contentDigest } from "./contentDigest.ts";
import type { DropId } from "./ids.ts";
import { isObject, parseJson, type Json } from "./json.ts";
import type { SigningKey } from "./keys.ts";
import { Refused } from "./refused.ts";
import { isNonce, signRequest } from "./signature.ts";

/** Most bytes of an answer in JSON. */
const MAX_JSON = 8 << 20;
const MAX_PROBLEM = 64 * 1024;
/** After so many milliseconds without an answer the line counts as broken; Tor can be slow, a portion has up to 8 MiB. */
const SILENCE = 600_000;
const PROBLEM = "urn:kua:problem:";

/** Who signs a request, and for which drop. */
export interface Signer {
  readonly key: SigningKey;
  readonly drop: DropId;
}

export interface Request {
  readonly method: "GET" | "HEAD" | "POST" | "PATCH" | "DELETE";
  /** Without a query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Bytes;
}

/** The connection to one drop. Nothing is sent anywhere else, and nothing with it that the browser may know. */
export class Connection {
  #nonce = "";

  constructor(private readonly origin: string) {}

  /** Sends a request. Refuses as `unreachable`, or as `problem` (`kind`, `status`) what is no success. */
  async send({ method, path, headers = {}, body }: Request): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(this.origin + path.slice(1), {
        method,
        headers,
        ...(body ? { body } : {}),
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(SILENCE),
      });
    } catch {
      // A browser does not tell a page why.
      throw new Refused("unreachable", "the drop cannot be reached");
    }
    const nonce = answer.headers.get("kua-nonce");
    if (nonce !== null && isNonce(nonce)) this.#nonce = nonce;
    if (!answer.ok) throw await problem(answer);
    return answer;
  }

  /** Sends a signed request, and once more when the nonce was too old. */
  async signed(request: Request, by: Signer, uploadLength?: number): Promise<Response> {
    const sign = () => this.send(this.#withSignature(request, by, uploadLength));
    try {
      return await sign();
    } catch (error) {
      if (isProblem(error, "unauthorised")) return await sign();
      throw error;
    }
  }

  #withSignature(request: Request, { key, drop }: Signer, uploadLength?: number): Request {
    const { method, path, body } = request;
    const extra: Record<string, string> = {};
    if (body) extra["content-digest"] = contentDigest(body);
    if (uploadLength !== undefined) extra["upload-length"] = String(uploadLength);
    const parts = {
      method,
      path,
      ...(extra["content-digest"] ? { contentDigest: extra["content-digest"] } : {}),
      ...(extra["upload-length"] ? { uploadLength: extra["upload-length"] } : {}),
    };
    return { ...request, headers: { ...request.headers, ...extra, ...signRequest(parts, key, drop, this.#nonce) } };
  }
}

/** Whether something that was thrown is this problem of a drop. */
export function isProblem(error: unknown, kind: string): boolean {
  return error instanceof Refused && error.why === "problem" && error.details["kind"] === kind;
}

/** What a drop says when it says no. What is not of the protocol's form may be a server in front of it. */
async function problem(answer: Response): Promise<Refused> {
  const { status } = answer;
  let kind = "";
  try {
    const said = parseJson(await bodyOf(answer, MAX_PROBLEM));
    if (isObject(said) && typeof said["type"] === "string" && said["type"].startsWith(PROBLEM)) {
      kind = said["type"].slice(PROBLEM.length);
    }
  } catch {
    // The status says enough: an answer to HEAD has no body.
  }
  if (kind === "" && (status === 502 || status === 504)) return new Refused("unreachable", `a proxy says ${status}`);
  if (kind === "" && status === 404) kind = "not-found";
  return new Refused("problem", `the drop says ${status} ${kind}`, { kind, status });
}

/** The body, at most so many bytes of it. Refuses as `dishonest`, or as `unreachable` when the line breaks. */
export async function bodyOf(answer: Response, most: number): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = answer.body?.getReader();
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true as const, value: undefined };
      if (done) break;
      length += value.length;
      if (length > most) throw new Refused("dishonest", `the drop answers with more than ${most} bytes`);
      parts.push(value);
    }
  } catch (error) {
    void reader?.cancel().catch(() => undefined);
    throw error instanceof Refused ? error : new Refused("unreachable", "the line broke");
  }
  return concat(...parts);
}

/** An answer in JSON, read strictly. */
export async function jsonOf(answer: Response): Promise<Json> {
  return parseJson(await bodyOf(answer, MAX_JSON));
}
