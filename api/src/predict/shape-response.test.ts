import { responseSchema } from "../bundle/contract";
import type { Pinned } from "../bundle/description";
import { Problem } from "../problems";
import type { OutputValues, Predictions } from "./predictions";
import { writeAtOnce } from "./answer-text";
import { refuseNonFinite } from "./not-finite";
import { contractShape, nativeShape } from "./shape-response";

type Output = OutputValues & { readonly from?: string };

/** A description in which every output is a step's own, and the predictions that go with it. */
function described(rows: number, outputs: readonly Output[], more: Partial<Pinned> = {}) {
  const description = {
    name: "mine",
    version: "1",
    digest: "abc",
    inputs: { numbers: [], codes: [], texts: [] },
    outputs: outputs.map(({ name }) => ({ name, from: name })),
    tensors: Object.fromEntries(outputs.map(({ name, columns }) => [name, { datatype: "FP64", columns }])),
    ...more,
  } as unknown as Pinned;
  return { description, predictions: { rows, outputs } satisfies Predictions };
}

const output = (name: string, values: OutputValues["values"], columns: string[] | null = null): Output => ({
  name,
  values,
  columns,
});

const native = ({ description, predictions }: ReturnType<typeof described>): string =>
  writeAtOnce(nativeShape(description)(predictions, answering()), predictions.rows);

const answering = (keys: string[] = [], seconds = 0.25) => ({ keys, seconds });

function shape(
  written: unknown,
  outputs: readonly Output[],
  rows = 1,
  keys?: string[],
  more?: Partial<Pinned>,
): string {
  const { description, predictions } = described(rows, outputs, more);
  return writeAtOnce(contractShape(responseSchema.parse(written), description)(predictions, answering(keys)), rows);
}

describe("the native form", () => {
  it("holds every output of every row in full, whatever its type", () => {
    const rows = described(2, [
      output("p", Float64Array.of(0.1 + 0.2, -0)),
      output("f", Float32Array.of(0.1, 16777216)),
      output("i", BigInt64Array.of(9007199254740993n, -1n)),
      output("j", Int32Array.of(3, -4)),
      output("b", Uint8Array.of(1, 0)),
      output("s", ['a "word"', "ü\n"]),
      output("m", Float64Array.of(1, 2.5, 1e21, 5e-324), ["no", "yes"]),
    ]);
    expect(native(rows)).toBe(
      '{"model":"mine","version":"1","digest":"abc","predictions":[' +
        String.raw`{"p":0.30000000000000004,"f":0.10000000149011612,"i":9007199254740993,"j":3,"b":true,"s":"a \"word\"","m":[1,2.5]},` +
        String.raw`{"p":-0,"f":16777216,"i":-1,"j":-4,"b":false,"s":"ü\n","m":[1e+21,5e-324]}]}`,
    );
  });

  it("writes null for what is not finite, which has been refused where it may not be", () => {
    const rows = described(3, [output("p", Float64Array.of(NaN, Infinity, 1))]);
    expect(native(rows)).toContain('[{"p":null},{"p":null},{"p":1}]');
  });

  it("never answers with fewer rows or outputs than were asked for", () => {
    const { description, predictions } = described(2, [output("p", Float64Array.of(1))]);
    expect(() => native({ description, predictions })).toThrow("fewer rows");
    expect(() => native({ description, predictions: { rows: 1, outputs: [] } })).toThrow("fewer outputs");
  });
});

const p = output("p", Float64Array.of(0.36208864384, 0.5));

describe("a contract's shape", () => {
  it("records: a list with a record per row, in the order of fields", () => {
    const fields = { z: { output: "p", decimals: 10 }, a: { constant: ["x", "y"] }, m: { constant: 5 } };
    expect(shape({ shape: "records", fields }, [p], 2)).toBe(
      '[{"z":0.3620886438,"a":["x","y"],"m":5},{"z":0.5,"a":["x","y"],"m":5}]',
    );
  });

  it("single: the one row's record, a value as text", () => {
    const label = output("label", BigInt64Array.of(1n));
    expect(shape({ shape: "single", fields: { response: { output: "label", text: true } } }, [label])).toBe(
      '{"response":"1"}',
    );
  });

  it("by_index: a record per row by its number", () => {
    expect(shape({ shape: "by_index", fields: { p: { output: "p", decimals: 3 } } }, [p], 2)).toBe(
      '{"0":{"p":0.362},"1":{"p":0.5}}',
    );
  });

  it("keyed: a record per row by its own key, whatever that is, in the order they came", () => {
    expect(shape({ shape: "keyed", fields: { p: { output: "p" } } }, [p], 2, ["__proto__", "1"])).toBe(
      '{"__proto__":{"p":0.36208864384},"1":{"p":0.5}}',
    );
    expect(shape({ shape: "keyed", fields: { p: { output: "p" } } }, [p], 2, ['"\ud800', ""])).toBe(
      String.raw`{"\"\ud800":{"p":0.36208864384},"":{"p":0.5}}`,
    );
  });

  it("a matrix is a list, or spread over keys of its own, all in alphabetical order where that is asked for", () => {
    const m = output("m", Float64Array.of(1, 2, 3, 4, -0, NaN), ["x2", "x10", "X1"]);
    expect(shape({ shape: "records", fields: { m: { output: "m" } } }, [m], 2)).toBe(
      '[{"m":[1,2,3]},{"m":[4,-0,null]}]',
    );
    const fields = { phat: { constant: 0 }, all: { spread: "m" }, business_outcome: { constant: 1 } };
    expect(shape({ shape: "records", sort: "alphabetical", fields }, [m], 2)).toBe(
      '[{"X1":3,"business_outcome":1,"phat":0,"x10":2,"x2":1},{"X1":null,"business_outcome":1,"phat":0,"x10":-0,"x2":4}]',
    );
    expect(shape({ shape: "records", fields }, [m], 1)).toBe('[{"phat":0,"x2":1,"x10":2,"X1":3,"business_outcome":1}]');
  });

  it("columns_of: names as they are, sorted, or the inputs behind them in order of first appearance", () => {
    const more = {
      inputs: {
        numbers: ["x12"],
        codes: [
          { name: "x5", categories: ["monday", "tuesday"] },
          { name: "x81", categories: [1, 2] },
        ],
        texts: [],
      },
      tensors: {
        p: { datatype: "FP64" as const, columns: null },
        selected: { datatype: "FP64" as const, columns: ["x5_tuesday", "x12", "x81_1", "x5_monday", "x9_other"] },
      },
    };
    const as = (kind: string): string =>
      shape({ shape: "records", fields: { v: { columns_of: "selected", as: kind } } }, [p], 1, [], more);
    expect([as("names"), as("sorted"), as("inputs")]).toEqual([
      '[{"v":["x5_tuesday","x12","x81_1","x5_monday","x9_other"]}]',
      '[{"v":["x12","x5_monday","x5_tuesday","x81_1","x9_other"]}]',
      '[{"v":["x5","x12","x81","x9_other"]}]',
    ]);
  });

  it("python_repr: Python's text of a dict, and the seconds it took", () => {
    const written = { shape: "python_repr", value: { output: "v" }, envelope: "output", time: "time" };
    const keys = ["10124_CAND-118934", "it's"];
    expect(JSON.parse(shape(written, [output("v", Uint8Array.of(1, 0))], 2, keys))).toEqual({
      output: `{'10124_CAND-118934': True, "it's": False}`,
      time: 0.25,
    });
    const matrix = output("v", Float64Array.of(0.14550495, 0.85449505, 0, 1), ["0", "1"]);
    expect(JSON.parse(shape(written, [matrix], 2, keys))).toEqual({
      output: `{'10124_CAND-118934': array([0.14550495, 0.85449505]), "it's": array([0., 1.])}`,
      time: 0.25,
    });
    expect(JSON.parse(shape(written, [output("v", ["yes", "no"])], 2, ["1", "__proto__"]))).toEqual({
      output: "{'1': 'yes', '__proto__': 'no'}",
      time: 0.25,
    });
    expect(JSON.parse(shape(written, [output("v", Float64Array.of(1))], 0, []))).toEqual({ output: "{}", time: 0.25 });
  });
});

it.each([
  [0.36208864384, 10, "0.3620886438"],
  [0.99925141185, 10, "0.9992514118"], // the double is 0.99925141184999997…
  [0.5, 10, "0.5"],
  [1, 10, "1"],
  [1e-12, 10, "0"],
  [-1e-12, 10, "-0"],
  [-0, 10, "-0"],
  [1e-7, 10, "1e-7"],
  [0.005, 2, "0.01"], // the double is above the tie
  [1.005, 2, "1"], // the double is below it
  [123456789.123456, 3, "123456789.123"],
  [1e22, 2, "1e+22"],
  [NaN, 2, "null"],
])("%d to %d decimals is %s", (value, decimals, text) => {
  const written = { shape: "single", fields: { v: { output: "p", decimals } } };
  expect(shape(written, [output("p", Float64Array.of(value))])).toBe(`{"v":${text}}`);
});

it.each([
  [output("p", Float64Array.of(0.25)), '"0.25"'],
  [output("p", Float64Array.of(-0)), '"-0"'],
  [output("p", Uint8Array.of(1)), '"true"'],
  [output("p", BigInt64Array.of(9007199254740993n)), '"9007199254740993"'],
  [output("p", ['say "x"']), String.raw`"say \"x\""`],
])("%j as text is %s", (value, text) => {
  expect(shape({ shape: "single", fields: { v: { output: "p", text: true } } }, [value])).toBe(`{"v":${text}}`);
});

describe("what is not finite", () => {
  const { predictions } = described(2, [
    output("p", Float64Array.of(1, NaN)),
    output("m", Float32Array.of(1, Infinity, -Infinity, 2), ["a", "b"]),
    output("i", BigInt64Array.of(1n, 2n)),
    output("s", ["NaN", "x"]),
  ]);
  const pointerOf = (row: number): string => `#/${row}`;

  it("is a problem that names every row and output", () => {
    const refused = (() => {
      try {
        refuseNonFinite(predictions, new Set(), pointerOf);
        return undefined;
      } catch (error) {
        return error as Problem;
      }
    })();
    expect(refused).toBeInstanceOf(Problem);
    expect([refused?.problemName, refused?.status, refused?.members.faultCount, refused?.members.faults]).toEqual([
      "not-finite",
      422,
      3,
      [
        { detail: "The output p is NaN for this row.", pointer: "#/1" },
        { detail: "The output m is Infinity for this row.", pointer: "#/0" },
        { detail: "The output m is -Infinity for this row.", pointer: "#/1" },
      ],
    ]);
  });

  it("passes in the outputs that may be null, and in no other", () => {
    expect(() => {
      refuseNonFinite(predictions, new Set(["p", "m"]), pointerOf);
    }).not.toThrow();
    expect(() => {
      refuseNonFinite(predictions, new Set(["p"]), pointerOf);
    }).toThrow(Problem);
  });

  it("is listed 100 times, and counted", () => {
    const many = described(1000, [output("p", new Float64Array(1000).fill(NaN))]);
    const members = (() => {
      try {
        refuseNonFinite(many.predictions, new Set(), pointerOf);
        return undefined;
      } catch (error) {
        return (error as Problem).members;
      }
    })();
    expect([members?.faults?.length, members?.faultCount]).toEqual([100, 1000]);
  });
});
