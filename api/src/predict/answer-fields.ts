import type { Field, ResponseContract } from "../bundle/contract";
import type { Pinned, TensorDescription } from "../bundle/description";

/** What one key of a row's record holds, whichever way the record is then written. */
export type AnswerField = ConstantField | OutputField;

export interface ConstantField {
  readonly key: string;
  readonly constant: unknown;
}

export interface OutputField {
  readonly key: string;
  /** Its place among the bundle's outputs. */
  readonly output: number;
  readonly datatype: TensorDescription["datatype"];
  /** The names of a matrix's columns; null for one value a row. */
  readonly columns: readonly string[] | null;
  /** The one column of the matrix that is meant. */
  readonly column?: number;
  readonly decimals?: number | undefined;
  /** The value as a string. */
  readonly text: boolean;
}

/** Every output in full, under its own name. */
export function nativeFields(description: Pinned): OutputField[] {
  return description.outputs.map(({ name }, place) => outputField(name, place, description));
}

export function contractFields(
  contract: Exclude<ResponseContract, { shape: "python_repr" }>,
  description: Pinned,
): AnswerField[] {
  const fields = Object.entries(contract.fields).flatMap(([key, field]) => fieldsOf(key, field, description));
  return contract.sort === "alphabetical" ? fields.toSorted((a, b) => (a.key < b.key ? -1 : 1)) : fields;
}

function fieldsOf(key: string, field: Field, description: Pinned): AnswerField[] {
  if ("constant" in field) return [{ key, constant: field.constant }];
  if ("columns_of" in field) return [{ key, constant: columnNames(field, description) }];
  const name = "spread" in field ? field.spread : field.output;
  const place = description.outputs.findIndex((output) => output.name === name);
  const whole = outputField(key, place, description);
  if ("spread" in field) return (whole.columns ?? []).map((name, column) => ({ ...whole, key: name, column }));
  return [{ ...whole, decimals: field.decimals, text: field.text === true }];
}

/** An output that is one column of a matrix has one value a row. */
function outputField(key: string, place: number, { outputs, tensors }: Pinned): OutputField {
  const output = outputs[place];
  const tensor = tensors[output?.from ?? ""];
  if (!output || !tensor) throw new RangeError(`the bundle does not describe what ${key} is made of`);
  const columns = output.column === undefined ? tensor.columns : null;
  return { key, output: place, datatype: tensor.datatype, columns, text: false };
}

/** Names of a step's columns; `inputs`: the inputs behind them, each where it first appears. */
function columnNames(field: Extract<Field, { columns_of: string }>, { inputs, tensors }: Pinned): string[] {
  const columns = tensors[field.columns_of]?.columns ?? [];
  if (field.as === "sorted") return columns.toSorted((a, b) => (a < b ? -1 : 1));
  if (field.as === "names") return [...columns];
  const origins = new Map(inputs.codes.flatMap(({ name, categories }) => categories.map((value) => [`${name}_${value}`, name]))); // prettier-ignore
  return [...new Set(columns.map((column) => origins.get(column) ?? column))];
}
