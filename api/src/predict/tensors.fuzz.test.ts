import fc from "fast-check";

import { fuzzRuns } from "../../test/fuzz-runs";
import type { Pinned } from "../bundle/description";
import { decodeReply, encodeInfer, ReplyFault } from "./tensors";

jest.setTimeout(3_600_000); // of the long form: npm run fuzz

const description = {
  name: "mine",
  digest: "abc",
  inputs: { numbers: ["a", "b"], codes: [{ name: "c", categories: ["x"] }], texts: ["t", "u"] },
  outputs: [
    { name: "p", from: "p" },
    { name: "m", from: "m" },
    { name: "s", from: "s" },
  ],
  tensors: {
    p: { datatype: "FP64", columns: null },
    m: { datatype: "FP32", columns: ["no", "yes"] },
    s: { datatype: "BYTES", columns: null },
  },
} as unknown as Pinned;

interface Tensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly parameters: { readonly binary_data_size: number };
}

/** The protocol read a second time, plainly: the JSON, then each tensor's bytes in its order. */
function plainly(body: Buffer, headerLength: number): Record<string, unknown[]> {
  const { inputs } = JSON.parse(body.toString("utf8", 0, headerLength)) as { inputs: Tensor[] };
  let at = headerLength;
  const read = inputs.map(({ name, datatype, shape, parameters }) => {
    const end = at + parameters.binary_data_size;
    const values: unknown[] = [];
    while (at < end) {
      if (datatype === "FP64") values.push(body.readDoubleLE(at));
      else if (datatype === "INT32") values.push(body.readInt32LE(at));
      else {
        const length = body.readUInt32LE(at);
        values.push(body.toString("utf8", at + 4, at + 4 + length));
        at += 4 + length;
        continue;
      }
      at += datatype === "FP64" ? 8 : 4;
    }
    expect(values).toHaveLength(shape.reduce((product, size) => product * size, 1));
    return [name, values];
  });
  expect(at).toBe(body.length);
  return Object.fromEntries(read) as Record<string, unknown[]>;
}

const header = { id: "1", digest: "abc", timeoutMs: 5 };
const wellFormed = fc.string({ unit: "grapheme" });

it("any columns are read back from an infer call as they were", () => {
  const rows = fc.integer({ min: 1, max: 9 });
  const list = <T>(of: fc.Arbitrary<T>, length: number) => fc.array(of, { minLength: length, maxLength: length });
  const columns = rows.chain((rows) =>
    fc.record({
      rows: fc.constant(rows),
      numbers: list(fc.double(), 2 * rows).map((values) => Float64Array.from(values)),
      codes: list(fc.integer({ min: -1, max: 0 }), rows).map((values) => Int32Array.from(values)),
      texts: fc.tuple(list(wellFormed, rows), list(wellFormed, rows)),
    }),
  );
  fc.assert(
    fc.property(columns, (columns) => {
      const { body, headerLength } = encodeInfer(columns, description, header);
      expect(plainly(body, headerLength)).toEqual({
        numbers: [...columns.numbers],
        codes: [...columns.codes],
        t: columns.texts[0],
        u: columns.texts[1],
      });
    }),
    { numRuns: fuzzRuns(1_000) },
  );
});

/** An honest reply of two rows. */
function honest(): { header: Record<string, unknown>; tensors: Buffer[] } {
  const text = (value: string) => Buffer.concat([Buffer.from(Uint32Array.of(value.length).buffer), Buffer.from(value)]);
  const tensors = [
    Buffer.from(Float64Array.of(0.5, -0).buffer),
    Buffer.from(Float32Array.of(1, 2, 3, 4).buffer),
    Buffer.concat([text("yes"), text("")]),
  ];
  const outputs = [
    { name: "p", datatype: "FP64", shape: [2] },
    { name: "m", datatype: "FP32", shape: [2, 2] },
    { name: "s", datatype: "BYTES", shape: [2] },
  ].map((tensor, i) => ({ ...tensor, parameters: { binary_data_size: tensors[i]?.length } }));
  return { header: { id: "1", model_name: "mine", parameters: { digest: "abc" }, outputs }, tensors };
}

const expected = { id: "1", rows: 2, description };
const decode = (body: Buffer, length: number): unknown => {
  try {
    return decodeReply(body, length, expected).outputs.map(({ values }) => [...values]);
  } catch (error) {
    if (error instanceof ReplyFault) return "refused";
    throw error;
  }
};
const VALUES = [
  [0.5, -0],
  [1, 2, 3, 4],
  ["yes", ""],
];

it("an honest reply is read", () => {
  const { header, tensors } = honest();
  const head = Buffer.from(JSON.stringify(header));
  expect(decode(Buffer.concat([head, ...tensors]), head.length)).toEqual(VALUES);
});

it("a reply with any change of its header is refused, or the values are the same", () => {
  const junk = fc.oneof(
    fc.constantFrom<unknown>(null, -1, 2, 3, 2 ** 53, 1e999, "2", [], [2], [2, 2], [-2], {}, "FP64", "BYTES", true),
    fc.jsonValue(),
  );
  /** Puts something else in one place of the header. */
  const change = (value: unknown, path: readonly number[], to: unknown): unknown => {
    const [first, ...rest] = path;
    if (first === undefined || typeof value !== "object" || value === null) return to;
    const keys = Object.keys(value);
    const chosen = keys[first % Math.max(1, keys.length)];
    if (chosen === undefined) return to;
    const changed = change((value as Record<string, unknown>)[chosen], rest, to);
    return Array.isArray(value)
      ? value.map((item: unknown, i) => (String(i) === chosen ? changed : item))
      : { ...value, [chosen]: changed };
  };
  fc.assert(
    fc.property(fc.array(fc.nat(7), { minLength: 1, maxLength: 5 }), junk, (path, to) => {
      const { header, tensors } = honest();
      const head = Buffer.from(JSON.stringify(change(header, path, to)));
      const outcome = decode(Buffer.concat([head, ...tensors]), head.length);
      if (outcome !== "refused") expect(outcome).toEqual(VALUES);
    }),
    { numRuns: fuzzRuns(5_000) },
  );
});

it("a reply with any bytes changed, cut out or put in is refused or read, and never fails otherwise", () => {
  const change = fc.record({
    at: fc.nat(),
    bytes: fc.uint8Array({ maxLength: 6 }),
    cut: fc.nat(6),
    length: fc.integer({ min: -3, max: 3 }),
  });
  fc.assert(
    fc.property(change, ({ at, bytes, cut, length }) => {
      const { header, tensors } = honest();
      const head = Buffer.from(JSON.stringify(header));
      const body = Buffer.concat([head, ...tensors]);
      const place = at % body.length;
      const changed = Buffer.concat([body.subarray(0, place), bytes, body.subarray(place + cut)]);
      const outcome = decode(changed, head.length + length);
      expect(outcome === "refused" || Array.isArray(outcome)).toBe(true);
    }),
    { numRuns: fuzzRuns(5_000) },
  );
});
