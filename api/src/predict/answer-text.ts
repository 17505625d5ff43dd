import { setImmediate as nextTurn } from "node:timers/promises";

/** An answer as text: what comes before its rows, each row's own, what stands between them and what comes after. */
export interface AnswerText {
  readonly head: string;
  readonly record: (row: number) => string;
  readonly separator: string;
  readonly tail: string;
}

/** Rows written in one turn of the event loop: 10,000 at once held up every other call for 20 ms. */
const ROWS_A_TURN = 500;

/**
 * Few rows are written at once, many with turns for others between them.
 * @param throwIfUnwanted asked behind each turn
 */
export function writeAnswerText(
  text: AnswerText,
  rows: number,
  throwIfUnwanted: () => void = () => undefined,
): string | Promise<string> {
  return rows <= ROWS_A_TURN ? writeAtOnce(text, rows) : writeInTurns(text, rows, throwIfUnwanted);
}

export const writeAtOnce = (text: AnswerText, rows: number): string =>
  text.head + recordsText(text, 0, rows) + text.tail;

async function writeInTurns(text: AnswerText, rows: number, throwIfUnwanted: () => void): Promise<string> {
  const parts: string[] = [];
  for (let first = 0; first < rows; first += ROWS_A_TURN) {
    parts.push(recordsText(text, first, Math.min(rows, first + ROWS_A_TURN)));
    await nextTurn();
    throwIfUnwanted();
  }
  return text.head + parts.join(text.separator) + text.tail;
}

function recordsText({ record, separator }: AnswerText, first: number, end: number): string {
  let records = "";
  for (let row = first; row < end; row += 1) records += row === first ? record(row) : separator + record(row);
  return records;
}
