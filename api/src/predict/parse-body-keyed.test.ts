import { setImmediate as nextTurn } from "node:timers/promises";

import { requestSchema } from "../bundle/contract";
import { inputSchema } from "../bundle/input-types";
import type { Bundle } from "../bundle/read-bundles";
import { Problem } from "../problems";
import { createRowValidator } from "../rows/validate-rows";
import { bodyLimitOfShape, jsonBoundsOf } from "./body-limit";
import { parseInTurns } from "./parse-body";
import { readRequest } from "./read-request";

jest.setTimeout(60_000); // of a machine that does other things

const MB = 1024 * 1024;
const contract = requestSchema.parse({ shape: "keyed", envelope: "rows", ignore: ["target"] });
const number = inputSchema.parse({ type: "number" });
const keyedBundle = (inputs: number) =>
  ({
    name: "mine",
    inputs: new Map(Array.from({ length: inputs }, (_, i) => [`latent_var_${i}_start`, number])),
    manifest: { extra: "error", limits: { rows: 10_000 } },
  }) as unknown as Bundle;

/** What comes of a body, and the longest that the event loop is held up by it. */
async function sent(bundle: Bundle, body: Buffer): Promise<{ ms: number; rows: number; refusal: string | undefined }> {
  const rules = { inputs: bundle.inputs, extra: bundle.manifest.extra, maxRows: bundle.manifest.limits.rows };
  const validate = createRowValidator(rules);
  const loop = watchLoop();
  await nextTurn();
  try {
    const values = await parseInTurns(body, undefined, jsonBoundsOf("keyed", bundle));
    return { rows: validate(readRequest(contract, values)).columns.rows, refusal: undefined, ms: await loop.longest() };
  } catch (error) {
    if (error instanceof Problem) return { rows: 0, refusal: error.problemName, ms: await loop.longest() };
    throw error;
  }
}

function watchLoop() {
  let [isOver, longest, last] = [false, 0, performance.now()];
  const watching = (async () => {
    while (!isOver) {
      await nextTurn();
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
  })();
  return {
    longest: async (): Promise<number> => {
      await nextTurn();
      isOver = true;
      await watching;
      return longest;
    },
  };
}

const listed = (count: number, each: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => each(i)).join(",");
const honest = (rows: number, inputs: number) => {
  const row = `{${listed(inputs, (i) => `"latent_var_${i}_start": -1.2345678901234567`)}, "target": 1}`;
  return Buffer.from(`{"rows": {${listed(rows, (i) => `"1012${i}_CAND-1189${i}": ${row}`)}}}`);
};

it.each([
  [17, 3_000],
  [488, 100],
  [4_060, 10],
  [10, 5_000],
  [1, 200_000],
])("of keyed rows %i that have %i inputs each are taken", async (rows, inputs) => {
  const bundle = keyedBundle(inputs);
  const body = honest(rows, inputs);
  expect(await sent(bundle, body)).toMatchObject({ rows, refusal: undefined });
  expect(body.length).toBeLessThanOrEqual(bodyLimitOfShape("keyed", bundle, 32 * MB).bytes);
});

const key = (i: number) => `"${i.toString(36)}z":0`;
const twice = (count: number) => `${listed(count, key)},"0z":0`;
it.each<[string, number, string, string]>([
  ["an honest one", 3_000, honest(17, 3_000).toString(), ""],
  ["nothing but keys, the first of them twice", 3_000, `{"rows": {${twice(52_990)}}}`, "malformed"],
  ["rows without a cell", 3_000, `{"rows": {${listed(17, (i) => `"${i}": {}`)}}}`, "invalid-rows"],
  ["many rows without a cell", 10, `{"rows": {${listed(5_000, (i) => `"${i}": {}`)}}}`, "invalid-rows"],
  ["rows of other keys each", 100, `{"rows": {${listed(488, (r) => `"${r}": {${listed(100, (i) => key(100 * r + i))}}`)},"0": {}}}`, "malformed"], // prettier-ignore
  [
    "objects of a key each in a cell",
    3_000,
    `{"rows": {"a": {"x": [${listed(25_800, (i) => `{${key(i)}}`)}]}}}`,
    "invalid-rows",
  ],
  ["keys in the envelope", 3_000, `{${twice(52_990)}, "rows": {}}`, "malformed"],
  ["a text of colons", 3_000, `{"rows": {"a": {"x": "${": ".repeat(3 * MB)}"}}}`, "invalid-rows"],
  ["a text of escapes", 3_000, `{"rows": {"a": {"x": "${"\\u20ac".repeat((6 * MB) / 6)}"}}}`, "invalid-rows"],
  ["a million keys", 3_000, `{"rows": {${listed(1_000_000, (i) => `"${i}":0`)}}}`, "body-too-large"],
])(
  "keyed rows hold up the event loop for no longer than a busy machine makes of 150 ms: %s",
  async (_, inputs, text, refusal) => {
    // The least of three: what else this machine does is not the body's.
    const blocks: number[] = [];
    for (let run = 0; run < 3; run += 1) {
      const outcome = await sent(keyedBundle(inputs), Buffer.from(text));
      expect(outcome.refusal ?? "").toBe(refusal);
      blocks.push(outcome.ms);
    }
    expect(Math.min(...blocks)).toBeLessThan(750);
  },
);
