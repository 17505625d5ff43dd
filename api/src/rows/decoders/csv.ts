import { type CsvCell, type CsvRecord, readCsvRecord } from "./csv-record";
import type { CreateDecoder } from "./decoder";
import { layoutOfNames } from "./layout-of-names";
import { malformed, rowTooLong } from "./row-texts";
import type { Layout } from "../row-layouts";

/** A header that names the inputs, in any order, then a row a record; each cell is read as in a query string. */
export const csv: CreateDecoder = (to, maxRowBytes) => {
  // It drops a byte order mark at the start.
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let layout: Layout | undefined;

  const take = ({ cells }: CsvRecord): void => {
    if (cells.length === 1 && cells[0] === null) return;
    if (layout === undefined) layout = layoutOfNames(namesOf(cells), to);
    else if (cells.length === layout.keys.length) to.addValues(layout, cells);
    else to.refuse(`The row has ${cells.length} cells, the header names ${layout.keys.length}.`);
  };
  function* read(isLast: boolean): Generator<void, void, void> {
    let at = 0;
    while (at < text.length) {
      const record = readCsvRecord(text, at, to.next, isLast);
      if ((record?.end ?? text.length) - at > maxRowBytes) throw rowTooLong(to.next, maxRowBytes);
      if (record === undefined) break;
      take(record);
      at = record.end;
      if (to.room === 0) yield;
    }
    text = text.slice(at);
  }

  return {
    *decode(bytes) {
      text += decoded(() => utf8.decode(bytes, { stream: true }));
      yield* read(false);
    },
    *end() {
      text += decoded(() => utf8.decode());
      yield* read(true);
      if (layout === undefined) throw malformed("The body is empty; its first line must name the inputs.");
    },
  };
};

const namesOf = (cells: readonly CsvCell[]): string[] => cells.map((cell) => cell ?? "");

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw malformed("The body is not UTF-8. Convert it, for example with: iconv -f latin1 -t utf-8");
  }
}
