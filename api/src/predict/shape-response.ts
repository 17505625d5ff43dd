import type { ResponseContract } from "../bundle/contract";
import type { Pinned } from "../bundle/description";
import type { AnswerText } from "./answer-text";
import { contractFields, nativeFields } from "./answer-fields";
import { numpyArrayRepr, pythonRepr, pythonString } from "./numpy-repr";
import type { OutputValues, Predictions } from "./predictions";
import { outputAt, type RecordOf, recordWriter, valueAt } from "./record-text";

/** What the request says of its answer besides the rows. */
export interface Answering {
  /** Of keyed rows: each row's key. */
  readonly keys: readonly string[];
  readonly seconds: number;
}

/** Predictions to the text of a JSON body. A view of the native result, never a second computation. */
export type ResponseShape = (predictions: Predictions, answering: Answering) => AnswerText;

/** The native form: every output in full, under the bundle's name, version and digest. */
export function nativeShape(description: Pinned): ResponseShape {
  const head = nativeHead(description);
  const records = recordWriter(nativeFields(description));
  return (predictions) => ({ head, record: records(predictions), separator: ",", tail: "]}" });
}

export const nativeHead = ({ name, version, digest }: Pinned): string =>
  `${JSON.stringify({ model: name, version, digest }).slice(0, -1)},"predictions":[`;

export function contractShape(contract: ResponseContract, description: Pinned): ResponseShape {
  if (contract.shape === "python_repr") return pythonReprShape(contract, description);
  const records = recordWriter(contractFields(contract, description));
  switch (contract.shape) {
    case "records":
      return (predictions) => ({ head: "[", record: records(predictions), separator: ",", tail: "]" });
    case "single":
      return (predictions) => ({ head: "", record: records(predictions), separator: ",", tail: "" });
    case "by_index":
      return (predictions) => keyed(records(predictions), String);
    case "keyed":
      return (predictions, { keys }) => keyed(records(predictions), (row) => keys[row] ?? "");
  }
}

const keyed = (record: RecordOf, keyOf: (row: number) => string): AnswerText => ({
  head: "{",
  record: (row) => `${JSON.stringify(keyOf(row))}:${record(row)}`,
  separator: ",",
  tail: "}",
});

/** `str()` of a Python dict from key to value, and the seconds it took, as present clients of that contract parse it. */
function pythonReprShape(
  contract: Extract<ResponseContract, { shape: "python_repr" }>,
  description: Pinned,
): ResponseShape {
  const output = description.outputs.findIndex(({ name }) => name === contract.value.output);
  return (predictions, { keys, seconds }) => {
    const values = outputAt(predictions, { output });
    return {
      head: `{${JSON.stringify(contract.envelope)}:"{`,
      record: (row) => inJson(`${pythonString(keys[row] ?? "")}: ${pythonValue(values, row)}`),
      separator: ", ",
      tail: `}",${JSON.stringify(contract.time)}:${seconds}}`,
    };
  };
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

function pythonValue(output: OutputValues, row: number): string {
  if (output.columns === null) return pythonRepr(valueAt(output, row));
  const width = output.columns.length;
  return numpyArrayRepr(Array.from({ length: width }, (_, column) => Number(valueAt(output, row * width + column))));
}
