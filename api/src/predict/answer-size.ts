import type { Pinned } from "../bundle/description";
import { Problem } from "../problems";

/** A number is 24 characters at most: this many make an answer of up to 100 MB, and take a second to write. */
const MOST_CELLS = 4_000_000;

/** From here on an answer, of some 2 MB, waits until there is room for it. */
const LARGE_CELLS = 100_000;

export const isLargeAnswer = (rows: number, description: Pinned): boolean =>
  rows * cellsARow(description) > LARGE_CELLS;

/** Refuses what would be more than is written in one piece, before it is computed.
 * @throws Problem answer-too-large */
export function refuseLargeAnswer(rows: number, description: Pinned): void {
  const cells = cellsARow(description);
  if (rows * cells > MOST_CELLS) throw answerTooLarge(`${rows} rows of ${cells} values each`);
}

const known = new WeakMap<Pinned, number>();

function cellsARow(description: Pinned): number {
  const cells = known.get(description) ?? countCells(description);
  known.set(description, cells);
  return cells;
}

const countCells = ({ outputs, tensors }: Pinned): number =>
  outputs.reduce(
    (sum, { from, column }) => sum + (column === undefined ? (tensors[from]?.columns?.length ?? 1) : 1),
    0,
  );

/** An answer as text, where it is one that a text can hold: labels may be of any length.
 * @throws Problem answer-too-large */
export async function writtenWhole(write: () => string | Promise<string>): Promise<string> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof RangeError && error.message.includes("string length"))
      throw answerTooLarge("a text longer than 512 MB");
    throw error;
  }
}

const answerTooLarge = (what: string): Problem =>
  new Problem("answer-too-large", {
    detail: `The answer would be ${what}. Send fewer rows in a call, or ask for a stream: accept: application/x-ndjson.`,
  });
