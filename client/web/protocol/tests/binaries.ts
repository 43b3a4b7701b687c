/**
 * The real programs, of which `KUA_BIN` names `kua`; `kua-server` stands beside it.
 *
 * Without them the tests that need them are left out, unless `KUA_REQUIRE_INTEROP=1`.
 */

export const kua = process.env["KUA_BIN"];

if (!kua) {
  const missing = "KUA_BIN names no kua: what one implementation seals or sends is not brought to the other";
  if (process.env["KUA_REQUIRE_INTEROP"] === "1") throw new Error(missing);
  console.warn(missing);
}
