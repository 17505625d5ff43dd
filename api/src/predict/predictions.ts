type Values = Float64Array | Float32Array | BigInt64Array | Int32Array | Uint8Array | readonly string[];

/** One output for every row of a call: `values` holds `width` of them a row. A Uint8Array holds booleans. */
export interface OutputValues {
  readonly name: string;
  readonly values: Values;
  /** Names of a matrix's columns; null for one value a row. */
  readonly columns: readonly string[] | null;
}

export interface Predictions {
  readonly rows: number;
  readonly outputs: readonly OutputValues[];
  /** How long the sidecar was busy with the call, in milliseconds, where it told. */
  readonly busyMs?: number;
}

export const widthOf = (output: Pick<OutputValues, "columns">): number => output.columns?.length ?? 1;

/** A call's own rows of a batch; the values are views, never copies. */
export function slicePredictions(predictions: Predictions, first: number, rows: number): Predictions {
  if (first === 0 && rows === predictions.rows) return predictions;
  const outputs = predictions.outputs.map((output) => {
    const width = widthOf(output);
    return { ...output, values: cut(output.values, first * width, (first + rows) * width) };
  });
  return { rows, outputs };
}

function cut(values: Values, start: number, end: number): Values {
  return ArrayBuffer.isView(values) ? values.subarray(start, end) : values.slice(start, end);
}

export function joinPredictions(parts: readonly Predictions[]): Predictions {
  const [first] = parts;
  if (first === undefined) throw new RangeError("there are no predictions to join");
  if (parts.length === 1) return first;
  const outputs = first.outputs.map((output, i) => ({
    ...output,
    values: concatenate(parts.map((part) => part.outputs[i]?.values ?? [])),
  }));
  return { rows: parts.reduce((sum, part) => sum + part.rows, 0), outputs };
}

function concatenate(parts: readonly Values[]): Values {
  const [first] = parts;
  if (!ArrayBuffer.isView(first)) return (parts as readonly string[][]).flat();
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = new (first.constructor as new (length: number) => Values)(length);
  let at = 0;
  for (const part of parts) {
    (joined as Float64Array).set(part as Float64Array, at);
    at += part.length;
  }
  return joined;
}
