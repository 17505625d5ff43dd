import type { Pinned, TensorDescription } from "../bundle/description";
import type { Columns } from "../rows/columns";
import { type OutputValues, type Predictions, widthOf } from "./predictions";

/** The Open Inference Protocol's binary tensor extension: a JSON header, then the tensors, little-endian, in its order. */
export const HEADER_LENGTH = "inference-header-content-length";

export interface InferHeader {
  readonly id: string;
  readonly digest: string;
  /** How long the answer is of use to anyone, in milliseconds from now. */
  readonly timeoutMs: number;
  /** The longest that any caller waits for one call, however short this one's time is. */
  readonly longestMs?: number | undefined;
}

type Layout = Pick<Pinned, "inputs">;

/** Columns to the body of an infer call; `headerLength` is its JSON's length in bytes. */
export function encodeInfer(
  columns: Columns,
  { inputs }: Layout,
  header: InferHeader,
): { body: Buffer; headerLength: number } {
  const tensors = [
    ...(inputs.numbers.length > 0
      ? [
          {
            name: "numbers",
            datatype: "FP64",
            shape: [columns.rows, inputs.numbers.length],
            bytes: bytesOf(columns.numbers),
          },
        ]
      : []),
    ...(inputs.codes.length > 0
      ? [
          {
            name: "codes",
            datatype: "INT32",
            shape: [columns.rows, inputs.codes.length],
            bytes: bytesOf(columns.codes),
          },
        ]
      : []),
    ...inputs.texts.map((name, i) => {
      const bytes = encodeTexts(columns.texts[i] ?? []);
      return { name, datatype: "BYTES", shape: [columns.rows], bytes };
    }),
  ];
  const { id, digest, timeoutMs, longestMs } = header;
  const json = JSON.stringify({
    id,
    parameters: { digest, timeout_ms: timeoutMs, longest_ms: longestMs, binary_data_output: true },
    inputs: tensors.map(({ bytes, ...tensor }) => ({ ...tensor, parameters: { binary_data_size: bytes.length } })),
  });
  const head = Buffer.from(json);
  return { body: Buffer.concat([head, ...tensors.map((tensor) => tensor.bytes)]), headerLength: head.length };
}

const bytesOf = (values: Float64Array | Int32Array): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

function encodeTexts(texts: readonly string[]): Buffer {
  const pieces = texts.flatMap((text) => {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat(pieces);
}

/** A reply that is not exactly what was asked for. It is the sidecar's failure, never an answer. */
export class ReplyFault extends Error {}

interface ReplyHeader {
  readonly id?: unknown;
  readonly model_name?: unknown;
  readonly parameters?: { readonly digest?: unknown };
  readonly outputs?: unknown;
}

interface ReplyTensor {
  readonly name?: unknown;
  readonly datatype?: unknown;
  readonly shape?: unknown;
  readonly parameters?: { readonly binary_data_size?: unknown };
}

/**
 * The reply to an infer call, every part of it verified: id, digest, names, datatypes, shapes and lengths.
 * @throws ReplyFault
 */
export function decodeReply(
  reply: Buffer,
  headerLength: number,
  expected: { id: string; rows: number; description: Pinned },
): Predictions {
  const { description, rows } = expected;
  const header = parseHeader(reply, headerLength);
  if (header.id !== expected.id) throw new ReplyFault("the reply has another call's id");
  if (header.model_name !== description.name) throw new ReplyFault("the reply is another model's");
  if (header.parameters?.digest !== description.digest)
    throw new ReplyFault("the reply is another bundle's: its digest differs");
  if (!Array.isArray(header.outputs) || header.outputs.length !== description.outputs.length) {
    throw new ReplyFault("the reply has not as many outputs as the bundle");
  }
  let at = headerLength;
  const outputs = description.outputs.map((output, i): OutputValues => {
    const tensor = (header.outputs as ReplyTensor[])[i] ?? {};
    const size = tensor.parameters?.binary_data_size;
    if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0 || at + size > reply.length) {
      throw new ReplyFault(`the output ${output.name} is longer than the reply`);
    }
    const described = describedOutput(description, output);
    verifyTensor(tensor, output.name, described, rows);
    const values = decodeValues(reply.subarray(at, at + size), described, rows * widthOf(described));
    at += size;
    return { name: output.name, values, columns: described.columns };
  });
  if (at !== reply.length) throw new ReplyFault("the reply is longer than its outputs");
  return { rows, outputs };
}

function parseHeader(reply: Buffer, length: number): ReplyHeader {
  if (!Number.isSafeInteger(length) || length <= 0 || length > reply.length)
    throw new ReplyFault("the reply's header has no length");
  try {
    const header: unknown = JSON.parse(reply.toString("utf8", 0, length));
    if (typeof header === "object" && header !== null) return header;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ReplyFault("the reply's header is not a JSON object");
}

/** An output that is one column of a matrix has one value a row. */
function describedOutput(description: Pinned, output: Pinned["outputs"][number]): TensorDescription {
  const tensor = description.tensors[output.from];
  if (!tensor) throw new ReplyFault(`the bundle does not describe ${output.from}`);
  return output.column === undefined ? tensor : { ...tensor, columns: null };
}

function verifyTensor(tensor: ReplyTensor, name: string, described: TensorDescription, rows: number): void {
  const shape = described.columns ? [rows, described.columns.length] : [rows];
  const same =
    tensor.name === name &&
    tensor.datatype === described.datatype &&
    JSON.stringify(tensor.shape) === JSON.stringify(shape);
  if (!same) {
    const got = JSON.stringify([tensor.name, tensor.datatype, tensor.shape]).slice(0, 100);
    throw new ReplyFault(`an output is ${got} in place of ${JSON.stringify([name, described.datatype, shape])}`);
  }
}

const arrays = { FP64: Float64Array, FP32: Float32Array, INT64: BigInt64Array, INT32: Int32Array, BOOL: Uint8Array };

function decodeValues(bytes: Buffer, { datatype }: TensorDescription, count: number): OutputValues["values"] {
  if (datatype === "BYTES") return decodeTexts(bytes, count);
  const ArrayType = arrays[datatype];
  if (bytes.length !== count * ArrayType.BYTES_PER_ELEMENT)
    throw new ReplyFault("an output's length is not its shape's");
  if (datatype === "BOOL" && bytes.some((byte) => byte > 1)) throw new ReplyFault("a boolean is neither 0 nor 1");
  // a copy: a typed array must begin at a multiple of its element's size
  return new ArrayType(new Uint8Array(bytes).buffer);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeTexts(bytes: Buffer, count: number): string[] {
  let at = 0;
  const texts = Array.from({ length: count }, () => {
    if (at + 4 > bytes.length) throw new ReplyFault("a text is longer than its output");
    const end = at + 4 + bytes.readUInt32LE(at);
    if (end > bytes.length) throw new ReplyFault("a text is longer than its output");
    const text = decodeText(bytes.subarray(at + 4, end));
    at = end;
    return text;
  });
  if (at !== bytes.length) throw new ReplyFault("an output is longer than its texts");
  return texts;
}

function decodeText(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ReplyFault("a text is not UTF-8");
  }
}
