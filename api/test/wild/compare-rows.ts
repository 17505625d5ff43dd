import type { Expectation } from "./facts";

type Prediction = Readonly<Record<string, unknown>>;

/** How many rows are as they should be, and how many of these to the last bit. */
export interface RowsCompared {
  readonly rows: number;
  readonly equal: number;
  readonly toTheBit: number;
  /** The first that is not. */
  readonly difference: string | undefined;
}

/** Those that only compare and add: no kernel changes their bits. */
const TREE = /^sklearn\.(tree|ensemble\._?forest)\b/;

/** @param outputOf the output that shows what a method gave, where the bundle has one */
export function compareRows(
  expected: Expectation,
  predictions: readonly Prediction[],
  outputOf: ReadonlyMap<string, string>,
): RowsCompared {
  const methods = Object.keys(expected.outputs).filter((method) => outputOf.has(method));
  const rows = expected.rows.map((_, row) =>
    methods.map((method) => compareCell(expected, method, row, predictions[row]?.[outputOf.get(method) ?? ""])),
  );
  const isEqual = (cells: readonly Compared[]): boolean =>
    methods.includes("predict") && cells.every(({ equal }) => equal);
  return {
    rows: rows.length,
    equal: rows.filter(isEqual).length,
    toTheBit: rows.filter((cells) => isEqual(cells) && cells.every(({ same }) => same)).length,
    difference: methods.includes("predict")
      ? rows.flat().find(({ equal }) => !equal)?.text
      : `nothing shows what predict gives: ${[...outputOf.keys()].join(", ")}`,
  };
}

interface Compared {
  readonly equal: boolean;
  readonly same: boolean;
  readonly text: string;
}

function compareCell(expected: Expectation, method: string, row: number, got: unknown): Compared {
  const { dtype = "", values = [] } = expected.outputs[method] ?? {};
  const [wanted, given] = [[values[row]].flat(), [got].flat()];
  const distance = dtype.startsWith("float") && !TREE.test(expected.class) ? toleranceOf(dtype, values) : 0;
  const isNear = (value: unknown, i: number): boolean => {
    const away = Math.abs(Number(value) - Number(given[i]));
    return isSame(value, given[i], dtype) || (distance > 0 && away <= distance);
  };
  const same = wanted.length === given.length && wanted.every((value, i) => isSame(value, given[i], dtype));
  const equal = wanted.length === given.length && wanted.every(isNear);
  return { equal, same, text: `${method}, row ${row}: ${JSON.stringify(got)} in place of ${JSON.stringify(wanted)}` };
}

/** Floats are written as the shortest text that gives the float64 back. */
const isSame = (wanted: unknown, got: unknown, dtype: string): boolean =>
  dtype.startsWith("float") ? Number(wanted) === got : wanted === got;

/** Of the outputs' largest magnitude: no more than this is between two kernels. */
function toleranceOf(dtype: string, values: readonly unknown[]): number {
  const largest = Math.max(...values.flat().map((value) => Math.abs(Number(value))));
  return (dtype === "float32" ? 1e-5 : 1e-11) * largest;
}
