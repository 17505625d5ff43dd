/** Rows as the sidecar takes them: row-major numbers and codes, and a list per text input. */
export interface Columns {
  readonly rows: number;
  /** [rows, numbers of the bundle] */
  readonly numbers: Float64Array;
  /** [rows, categories of the bundle] */
  readonly codes: Int32Array;
  /** One list of `rows` texts per text input. */
  readonly texts: readonly (readonly string[])[];
}

export function sliceColumns(columns: Columns, first: number, rows: number): Columns {
  if (first === 0 && rows === columns.rows) return columns;
  const [width, codes] = [columns.numbers.length / columns.rows, columns.codes.length / columns.rows];
  return {
    rows,
    numbers: columns.numbers.subarray(first * width, (first + rows) * width),
    codes: columns.codes.subarray(first * codes, (first + rows) * codes),
    texts: columns.texts.map((list) => list.slice(first, first + rows)),
  };
}

export function joinColumns(parts: readonly Columns[]): Columns {
  const [first] = parts;
  if (first === undefined) throw new RangeError("there are no columns to join");
  if (parts.length === 1) return first;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const joined = {
    rows,
    numbers: new Float64Array((first.numbers.length / first.rows) * rows),
    codes: new Int32Array((first.codes.length / first.rows) * rows),
    texts: first.texts.map((_, i) => parts.flatMap((part) => part.texts[i] ?? [])),
  };
  let [numbersAt, codesAt] = [0, 0];
  for (const part of parts) {
    joined.numbers.set(part.numbers, numbersAt);
    joined.codes.set(part.codes, codesAt);
    numbersAt += part.numbers.length;
    codesAt += part.codes.length;
  }
  return joined;
}
