import { malformed } from "./row-texts";

const [QUOTE, COMMA, NEWLINE, RETURN] = [0x22, 0x2c, 0x0a, 0x0d];

/** A cell without quotes and without text is null; a quoted one never is. */
export type CsvCell = string | null;

export interface CsvRecord {
  readonly cells: CsvCell[];
  /** Where the next record begins. */
  readonly end: number;
}

/**
 * The record that begins at `start`, or undefined where the text ends before it does and more is to come.
 * (RFC 4180 by a loop of our own, since a cell's quotes matter here: csv-parse with its `cast`, which tells of them,
 * reads 1,500 rows/s of 100 columns, this 74,000; udsv, as fast, does not tell of them and takes broken quotes.)
 * @throws Problem malformed where quotes are not as they must be
 */
export function readCsvRecord(text: string, start: number, row: number, isLast: boolean): CsvRecord | undefined {
  const cells: CsvCell[] = [];
  let at = start;
  for (;;) {
    const isQuoted = text.charCodeAt(at) === QUOTE;
    const end = isQuoted ? endOfQuoted(text, at) : endOfPlain(text, at, row);
    const ends = end === -1 || end >= text.length;
    if (ends && !isLast) return undefined;
    if (end === -1) throw malformed(`Row ${row} (counted from 0) of the body has a quote that is never closed.`);
    if (isQuoted) {
      const next = afterQuoted(text, end);
      if (next === "cut" && !isLast) return undefined;
      if (next === "broken") throw brokenQuote(row);
      cells.push(unquoted(text, at, end));
      at = typeof next === "number" ? next : text.length;
    } else {
      cells.push(plain(text, at, end));
      at = end;
    }
    if (text.charCodeAt(at) !== COMMA) return { cells, end: Math.min(at + 1, text.length) };
    at += 1;
  }
}

const brokenQuote = (row: number) =>
  malformed(
    `Row ${row} (counted from 0) of the body has a quote inside of a cell: put the whole cell in quotes, and write each quote in it twice.`,
  );

/** Where a cell without quotes ends: at a comma, a newline or the end. */
function endOfPlain(text: string, start: number, row: number): number {
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === NEWLINE) break;
    if (code === QUOTE) throw brokenQuote(row);
  }
  return at;
}

/** Just after the closing quote, or -1. */
function endOfQuoted(text: string, start: number): number {
  let close = text.indexOf('"', start + 1);
  while (close !== -1 && text.charCodeAt(close + 1) === QUOTE) close = text.indexOf('"', close + 2);
  return close === -1 ? -1 : close + 1;
}

/** What follows a quoted cell: the place of its comma or newline. */
function afterQuoted(text: string, end: number): number | "cut" | "broken" {
  if (end >= text.length) return "cut";
  const code = text.charCodeAt(end);
  if (code === COMMA || code === NEWLINE) return end;
  if (code !== RETURN) return "broken";
  if (end + 1 >= text.length) return "cut";
  return text.charCodeAt(end + 1) === NEWLINE ? end + 1 : "broken";
}

function unquoted(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes('"') ? inner.replaceAll('""', '"') : inner;
}

/** A carriage return before the newline belongs to it. */
function plain(text: string, start: number, end: number): CsvCell {
  const isCrlf = end > start && text.charCodeAt(end - 1) === RETURN && text.charCodeAt(end) !== COMMA;
  const last = isCrlf ? end - 1 : end;
  return last === start ? null : text.slice(start, last);
}
