import { expect, test } from "vitest";

import { fromEitherBase64, utf8 } from "../src/bytes.ts";
import { contentDigest } from "../src/contentDigest.ts";
import type { DropId } from "../src/ids.ts";
import { PublicKey, SigningKey, type Purpose } from "../src/keys.ts";
import { components, signRequest, signatureBase, type Component, type SignedParts } from "../src/signature.ts";
import { digestFits, makeNonce, signerOf, takesNonce } from "./dropSide.ts";
import { hex, vectors, whyRefused } from "./vectors.ts";

interface Request {
  seed: string;
  purpose: Purpose;
  drop: DropId;
  nonce: string;
  method: string;
  path: string;
  query?: string;
  content_digest?: string;
  upload_length?: string;
  day?: string;
  base: string;
  signature_input: string;
  signature: string;
}

interface Signatures {
  cases: Request[];
  refused: { about: string; why: string; signature_input: string; signature: string }[];
  content_digest: { body: string; field: string; taken: string[]; refused: string[] };
  rfc_9421_b_2_6: { components: Component[]; params: string; base: string; key: string; signature: string };
}

const { cases, refused, content_digest, rfc_9421_b_2_6: example } = vectors<Signatures>("signature.json");

function partsOf({ method, path, query, content_digest, upload_length, day }: Request): SignedParts {
  return {
    method,
    path,
    ...(query == null ? {} : { query }),
    ...(content_digest == null ? {} : { contentDigest: content_digest }),
    ...(upload_length == null ? {} : { uploadLength: upload_length }),
    ...(day == null ? {} : { day }),
  };
}

function first(): Request {
  const [request] = cases;
  if (!request) throw new Error("no request");
  return request;
}

test("requests are signed byte for byte, and a drop finds the signer", () => {
  for (const request of cases) {
    const key = SigningKey.derive(hex(request.seed), request.purpose);
    const fields = signRequest(partsOf(request), key, request.drop, request.nonce);
    expect(fields["signature-input"]).toBe(request.signature_input);
    expect(fields.signature).toBe(request.signature);
    const params = request.signature_input.replace(/^kua=/, "");
    expect(signatureBase(components(partsOf(request)), params)).toBe(request.base);
    const sent = { input: request.signature_input, signature: request.signature };
    expect(signerOf(partsOf(request), sent, request.drop)).toEqual({ key: key.publicKey, nonce: request.nonce });
  }
});

test.each(refused)("refused: $about", ({ signature_input: input, signature, why }) => {
  expect(signerOf(partsOf(first()), { input, signature }, first().drop)).toBe(why);
});

test("the signature base is that of RFC 9421, B.2.6", () => {
  const base = signatureBase(example.components, example.params);
  expect(base).toBe(example.base);
  const key = PublicKey.fromBytes(fromEitherBase64(example.key) ?? new Uint8Array());
  expect(key?.verifies(utf8(base), fromEitherBase64(example.signature) ?? new Uint8Array())).toBe(true);
});

test("a body has its digest", () => {
  const body = utf8(content_digest.body);
  expect(contentDigest(body)).toBe(content_digest.field);
  for (const field of content_digest.taken) expect(digestFits(field, body), field).toBe(true);
  for (const field of content_digest.refused) expect(digestFits(field, body), field).toBe(false);
});

test.each(['a";alg="none', "a\nb", "", "a".repeat(1000)])("a hostile drop's nonce is not signed: %j", (nonce) => {
  const key = SigningKey.derive(hex(first().seed), "submitter/sign");
  expect(whyRefused(() => signRequest(partsOf(first()), key, first().drop, nonce))).toBe("malformed");
});

interface Nonces {
  cases: {
    seed: string;
    drop: DropId;
    expiry: string;
    random: string;
    nonce: string;
    taken_at: string[];
    refused_at: string[];
  }[];
  refused: { about: string; nonce: string }[];
}

test("a drop's nonces are made and taken as the protocol says, and can be signed", () => {
  const nonces = vectors<Nonces>("nonce.json");
  for (const { seed, drop, expiry, random, nonce, taken_at, refused_at } of nonces.cases) {
    expect(makeNonce(hex(seed), drop, BigInt(expiry), hex(random))).toBe(nonce);
    for (const now of taken_at) expect(takesNonce(hex(seed), drop, nonce, BigInt(now)), now).toBe(true);
    for (const now of refused_at) expect(takesNonce(hex(seed), drop, nonce, BigInt(now)), now).toBe(false);
    const key = SigningKey.derive(hex(seed), "submitter/sign");
    expect(signRequest({ method: "GET", path: "/" }, key, drop, nonce)["signature-input"]).toContain(nonce);
  }
  const [{ seed, drop, taken_at } = { seed: "", drop: "" as DropId, taken_at: [] }] = nonces.cases;
  for (const { about, nonce } of nonces.refused) {
    expect(takesNonce(hex(seed), drop, nonce, BigInt(taken_at[0] ?? 0)), about).toBe(false);
  }
});
