/** Opening a vault (protocol, "Vault"), so that a test can be a coordinator of whom the Rust code has the vault. */

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { Decrypter, type Identity } from "age-encryption";

import { argon2id } from "../src/argon2id.ts";
import { concat, fromBase64url, fromEitherBase64, utf8 } from "../src/bytes.ts";

export interface VaultContents {
  readonly kind: string;
  readonly name: string;
  readonly seed: Uint8Array;
}

export async function openVault(file: Uint8Array, passphrase: string): Promise<VaultContents> {
  const identity: Identity = {
    async unwrapFileKey(stanzas) {
      const [stanza, ...more] = stanzas.filter(({ args }) => !args[0]?.endsWith("-grease"));
      const [tag, salt = "", memory, passes, lanes] = stanza?.args ?? [];
      const saltBytes = fromEitherBase64(`${salt}==`);
      if (!stanza || tag !== "argon2id" || more.length > 0 || !saltBytes) throw new Error("this is no vault");
      const cost = { memory: Number(memory), passes: Number(passes), lanes: Number(lanes) };
      const labelled = concat(utf8("kua/v1/argon2id"), saltBytes);
      const key = await argon2id(utf8(passphrase.normalize("NFKC")), labelled, cost);
      return chacha20poly1305(key, new Uint8Array(12)).decrypt(stanza.body);
    },
  };
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const { kind, name, seed } = JSON.parse(await decrypter.decrypt(file, "text")) as Record<string, string>;
  return { kind: kind ?? "", name: name ?? "", seed: fromBase64url(seed ?? "", 32) ?? new Uint8Array() };
}
