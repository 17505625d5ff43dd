import fc from "fast-check";
import { z } from "zod";

import { inputSchema } from "../bundle/input-types";
import { Problem } from "../problems";
import { readChunks } from "../../test/row-chunks";
import type { RowChunk } from "./row-chunk";
import { createRowValidator } from "./validate-rows";

const INPUTS = {
  n: { type: "number", min: -5, max: 1e9, null: "nan" },
  m: { type: "number" },
  c: { type: "category", values: ["a", "b", "ü"], null: "zeros" },
  b: { type: "boolean" },
  t: { type: "text", absent: { default: "none" } },
};
const inputs = new Map(Object.entries(INPUTS).map(([name, input]) => [name, inputSchema.parse(input)]));
const small = createRowValidator({ inputs, extra: "error", maxRows: 1_000 });

const cell = fc.oneof(
  { weight: 3, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 3, arbitrary: fc.constantFrom("a", "b", "ü", "1.5", "-7", "", 'x,"[{\\') },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, -0, 1e308, -5, 1e9) },
);
const right = fc.record({
  n: fc.option(fc.double({ min: -5, max: 1e9, noNaN: true })),
  m: fc.double({ noNaN: true, noDefaultInfinity: true }),
  c: fc.constantFrom("a", "b", "ü", null),
  b: fc.boolean(),
  t: fc.string(),
});
const anyRow = fc.oneof(
  { weight: 8, arbitrary: right },
  { weight: 2, arbitrary: fc.dictionary(fc.constantFrom("n", "m", "c", "b", "t", "x", "constructor"), cell) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 5, "row", []) },
);

/** What a list of rows comes to: bits of columns, or every fault. */
function ofSmall(rows: readonly unknown[]): unknown {
  try {
    const { columns } = small({ rows, pointerOf: (row) => `#/${row}`, ignored: new Set() });
    return bits([columns]);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.members.faults;
  }
}

function ofLarge(chunks: readonly RowChunk[]): unknown {
  const faults = chunks.flatMap(({ refused }) => refused.flatMap((row) => row.faults));
  return faults.length > 0 ? faults.slice(0, 100) : bits(chunks.map(({ columns }) => columns));
}

const bits = (parts: readonly RowChunk["columns"][]) => ({
  numbers: parts.flatMap(({ numbers }) => [...new BigUint64Array(numbers.slice().buffer)]),
  codes: parts.flatMap(({ codes }) => [...codes]),
  texts: parts.flatMap(({ texts }) => texts[0] ?? []),
});

describe("for any rows, with faults or without,", () => {
  it("a list that is read in pieces has the columns and faults of one that is read whole", async () => {
    const asked = { inputs: INPUTS, media: "application/json", rowsPerChunk: 3 } as const;
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 12 }), fc.nat(), async (rows, at) => {
        const body = Buffer.from(JSON.stringify(rows));
        const cut = at % body.length;
        const chunks = await readChunks(asked, [body.subarray(0, cut), body.subarray(cut)]);
        // JSON has no -0 in what JSON.stringify writes, and is what both are given
        expect(ofLarge(chunks)).toEqual(ofSmall(JSON.parse(body.toString()) as unknown[]));
      }),
      { numRuns: 500 },
    );
  });

  it("the compiled reader says yes and no as a zod schema of the same rules does", () => {
    const isNumeric = (text: string): boolean => /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text);
    const number = z.union([z.number(), z.string().refine(isNumeric).transform(Number)]).pipe(z.number());
    const schema = z.strictObject({
      n: number.pipe(z.number().min(-5).max(1e9)).nullable(),
      m: number,
      c: z.enum(["a", "b", "ü"]).nullable(),
      b: z.boolean(),
      t: z.string().optional(),
    });
    fc.assert(
      fc.property(anyRow, (row) => {
        // texts that a boolean or a text input may read in its own way are the input types' own tests' matter
        fc.pre(!isOwnMatter(row));
        expect(Array.isArray(ofSmall([row]))).toBe(!schema.safeParse(row).success);
      }),
      { numRuns: 2_000 },
    );
  });
});

function isOwnMatter(row: unknown): boolean {
  if (typeof row !== "object" || row === null) return false;
  const { b, t } = row as { b?: unknown; t?: unknown };
  return (b !== undefined && typeof b !== "boolean") || (t !== undefined && typeof t !== "string");
}
