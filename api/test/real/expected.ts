/** A line of expected.jsonl: what the libraries gave on another machine, per row. */
export interface ExpectedRequest {
  readonly id: string;
  readonly outputs: readonly ExpectedRow[];
}

interface ExpectedRow {
  /** The library called on that one row, and on the request's rows together. */
  readonly alone: number | readonly [number, number];
  readonly batch: number | readonly [number, number];
  /** 50-digit arithmetic, rounded once. */
  readonly exact?: number;
  readonly label?: number;
}

/** Of an output's largest magnitude: between two kernels no more than this. */
const TOLERANCE = { classification: 1e-11, "flight-delay": 1e-5 }; // the latter is float32

/** What is further from expected.jsonl than one kernel is from another, or has another label. */
export function farFromExpected(
  name: string,
  predictions: readonly Readonly<Record<string, unknown>>[],
  expected: ExpectedRequest | undefined,
): string[] {
  if (!expected) return ["there is no line of this id"];
  if (predictions.length !== expected.outputs.length) {
    return [`${predictions.length} predictions in place of ${expected.outputs.length}`];
  }
  const tolerance = TOLERANCE[name as keyof typeof TOLERANCE];
  return expected.outputs.flatMap(({ alone, batch, exact, label }, row) => {
    const got = predictions[row] ?? {};
    const wanted = [alone, batch, exact].filter((value) => value !== undefined).map(positive);
    const far = wanted.filter((value) => !(Math.abs(Number(got["probability"]) - value) <= tolerance));
    const labels =
      label === undefined || (got["label"] ?? got["prediction"]) === label
        ? []
        : [`row ${row}: the label is not ${label}`];
    const half = name === "classification" && got["class"] !== (positive(alone) >= 0.5 ? 1 : 0);
    return [
      ...far.map((value) => `row ${row}: ${String(got["probability"])} in place of ${value}`),
      ...labels,
      ...(half ? [`row ${row}: the class is ${String(got["class"])}`] : []),
    ];
  });
}

/** The probability of the positive class: a classifier gives both. */
const positive = (value: number | readonly [number, number]): number => (typeof value === "number" ? value : value[1]);
