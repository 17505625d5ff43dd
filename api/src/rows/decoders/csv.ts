import type { Fault } from "../../problems";
import { type CsvCell, type CsvRecord, CsvRecords } from "./csv-record";
import type { CreateDecoder } from "./decoder";
import { layoutOfNames } from "./layout-of-names";
import { malformed, rowTooLong } from "./row-texts";
import type { Layout } from "../row-layouts";

/** No model takes more, and to hold each name of a header without end takes memory. */
const MOST_COLUMNS = 1_000_000;

/** A header that names the inputs, in any order, then a row a record; each cell is read as in a query string. */
export const csv: CreateDecoder = (to, maxRowBytes) => {
  // It drops a byte order mark at the start.
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  const records = new CsvRecords();
  let layout: Layout | undefined;

  const take = ({ cells, cellCount }: CsvRecord): void => {
    const isBlank = cellCount === 1 && cells[0] === null;
    if (layout === undefined) {
      if (isBlank) return;
      if (cellCount > MOST_COLUMNS)
        throw malformed(`The body's first line names ${cellCount} columns; ${MOST_COLUMNS} are the most. Is it CSV?`);
      layout = layoutOfNames(namesOf(cells), to);
    } else if (cellCount === layout.keys.length) to.addValues(layout, cells);
    else if (!isBlank) to.refuse([wrongCellCount(cellCount, layout.keys.length, `#/${to.next}`)]);
  };
  function* read(isLast: boolean): Generator<void, void, void> {
    for (;;) {
      const record = records.next(to.next, layout?.keys.length ?? MOST_COLUMNS, isLast);
      if ((record?.length ?? records.unfinished) > maxRowBytes) throw rowTooLong(to.next, maxRowBytes);
      if (record === undefined) return;
      take(record);
      if (to.room === 0) yield;
    }
  }

  return {
    *decode(bytes) {
      records.add(decoded(() => utf8.decode(bytes, { stream: true })));
      yield* read(false);
    },
    *end() {
      records.add(decoded(() => utf8.decode()));
      yield* read(true);
      if (layout === undefined) throw malformed("The body is empty; its first line must name the inputs.");
    },
    unfinished: () => records.unfinished,
  };
};

const wrongCellCount = (cells: number, names: number, pointer: string): Fault => ({
  detail: `The row has ${cells} cells, the header names ${names}.`,
  pointer,
});

const namesOf = (cells: readonly CsvCell[]): string[] => cells.map((cell) => cell ?? "");

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw malformed("The body is not UTF-8. Convert it, for example with: iconv -f latin1 -t utf-8");
  }
}
