/** The types of report.json are those of its schema. `npm run generate` writes them anew. */

import { readFileSync } from "node:fs";

import { compile } from "json-schema-to-typescript";
import { expect, test } from "vitest";

import { repository } from "./vectors.ts";

type Schema = Parameters<typeof compile>[0];

const BANNER = `/**
 * Generated from docs/schema/kua-report-1.schema.json by \`npm run generate\`; change the schema and not this file.
 *
 * The types are for writing. A reader meets fields of later versions too.
 */
`;

/** A schema whose types know no field but its own: a misspelt one is then an error of the compiler. */
function forWriting(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(forWriting);
  const fields = Object.entries(value).filter(([key]) => key !== "additionalProperties");
  return Object.fromEntries(fields.map(([key, part]) => [key, forWriting(part)]));
}

/** The vocabularies as lists, in the schema's order, for the forms that offer them. */
function vocabularies(schema: Schema): string {
  const lists = Object.entries(schema["$defs"] as Record<string, Schema>).flatMap(([name, { oneOf }]) => {
    const words = (oneOf ?? []).map((one) => (one as { const?: unknown }).const);
    return words.length > 1 ? [`  ${name}: [${words.map((word) => JSON.stringify(word)).join(", ")}],\n`] : [];
  });
  return `/** Every word of each vocabulary. */\nexport const VOCABULARIES = {\n${lists.join("")}} as const;\n`;
}

test("the types of report.json are those of its schema", async () => {
  const schema = JSON.parse(readFileSync(repository("docs/schema/kua-report-1.schema.json"), "utf8")) as Schema;
  const types = await compile(forWriting(schema) as Schema, "KuaReport1", {
    additionalProperties: false,
    bannerComment: BANNER,
    ignoreMinAndMaxItems: true,
    style: { printWidth: 120 },
  });
  await expect(`${types}\n${vocabularies(schema)}`).toMatchFileSnapshot("../src/report.generated.ts");
});
