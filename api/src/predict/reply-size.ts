import type { Pinned, TensorDescription } from "../bundle/description";

/** What its header, or a refusal, may have. */
const HEADER_BYTES = 64 * 1024;
/** What a text may have on average: an output of texts holds labels. */
const TEXT_BYTES = 16 * 1024;

const CELL_BYTES: Readonly<Record<TensorDescription["datatype"], number>> = {
  ...{ FP64: 8, INT64: 8, FP32: 4, INT32: 4, BOOL: 1 },
  BYTES: TEXT_BYTES,
};

/** The most bytes that an honest reply of so many rows has: a sidecar that sends more must not fill our memory. */
export function mostReplyBytes({ outputs, tensors }: Pick<Pinned, "outputs" | "tensors">, rows: number): number {
  const rowBytes = outputs.reduce((sum, { from, column }) => {
    const tensor = tensors[from];
    const cells = column === undefined ? (tensor?.columns?.length ?? 1) : 1;
    return sum + cells * CELL_BYTES[tensor?.datatype ?? "FP64"];
  }, 0);
  return HEADER_BYTES + rows * rowBytes;
}
