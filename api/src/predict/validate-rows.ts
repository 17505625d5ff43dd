import { NO_CATEGORY, Refused } from "../bundle/cell";
import type { Input } from "../bundle/input-types";
import { nearest } from "../bundle/nearest";
import { type Fault, MAX_FAULTS_LISTED, Problem } from "../problems";
import { createReaderChoice, emptyColumns, inputReaders, setCell } from "./cell-readers";
import type { Columns } from "./columns";
import { tooManyRows } from "./too-many-rows";

/** Rows as they came, and where each stands in the body (a JSON Pointer fragment). */
export interface Rows {
  readonly rows: readonly unknown[];
  readonly pointerOf: (row: number) => string;
  /** Columns that belong to the contract and are no business of the model. */
  readonly ignored: ReadonlySet<string>;
}

export interface ValidRows {
  readonly columns: Columns;
  /** Per category input: how many rows held a value that is not among its values, where the manifest lets it pass. */
  readonly unknownCategories: ReadonlyMap<string, number>;
}

/** Rows to columns; after this nothing checks a type again. */
export type RowValidator = (rows: Rows) => ValidRows;

interface Rules {
  readonly inputs: ReadonlyMap<string, Input>;
  readonly extra: "error" | "ignore";
  readonly maxRows: number;
}

/** Compiled once from the manifest.
 * @throws Problem invalid-rows with every fault of every row, or body-too-large */
export function createRowValidator({ inputs, extra, maxRows }: Rules): RowValidator {
  const names = [...inputs.keys()];
  const { readers, widths } = inputReaders(inputs);
  const readersFor = createReaderChoice(readers, widths);

  return ({ rows, pointerOf, ignored }) => {
    if (rows.length > maxRows) throw tooManyRows(rows.length, maxRows);
    const columns = emptyColumns(rows.length, widths);
    const unknownCategories = new Map<string, number>();
    const faults = new Faults();
    if (rows.length === 0) faults.add(() => ({ detail: "There is no row: send at least one.", pointer: "#" }));

    for (let r = 0; r < rows.length; r += 1) {
      const row = rows[r];
      if (!isObject(row)) {
        faults.add(() => notARow(row, pointerOf(r)));
        continue;
      }
      let present = 0;
      for (const reader of readersFor(row, r, columns)) {
        const value = ownCell(row, reader.name);
        if (value !== undefined) present += 1;
        const cell = reader.read(value);
        if (cell instanceof Refused) faults.add(() => cellFault(reader.name, value, cell, pointerOf(r)));
        else {
          setCell(columns, widths, r, reader, cell);
          const isUnknown = cell === NO_CATEGORY && value !== undefined && value !== null;
          if (isUnknown && reader.tensor === "codes") countOne(unknownCategories, reader.name);
        }
      }
      if (extra === "error" && Object.keys(row).length > present) {
        for (const name of Object.keys(row)) {
          if (!inputs.has(name) && !ignored.has(name)) faults.add(() => extraFault(name, names, pointerOf(r)));
        }
      }
    }
    faults.throwIfAny(rows.length);
    return { columns, unknownCategories };
  };
}

const isObject = (row: unknown): row is Readonly<Record<string, unknown>> =>
  typeof row === "object" && row !== null && !Array.isArray(row);

function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

const notARow = (row: unknown, pointer: string): Fault => ({
  detail: `The row is ${shown(row)}; it must be an object of columns.`,
  pointer,
});

/** A row from JSON holds no functions: what is one was inherited (a column may well be called "constructor"). */
function ownCell(cells: Readonly<Record<string, unknown>>, name: string): unknown {
  const value = cells[name];
  return typeof value === "function" || (name === "__proto__" && !Object.hasOwn(cells, name)) ? undefined : value;
}

/** Keeps the first faults and counts the rest: the text of 200,000 would cost more than the prediction. */
class Faults {
  private readonly listed: Fault[] = [];
  private total = 0;

  add(describe: () => Fault): void {
    this.total += 1;
    if (this.listed.length < MAX_FAULTS_LISTED) this.listed.push(describe());
  }

  throwIfAny(rows: number): void {
    if (this.total === 0) return;
    const detail =
      `${this.total} ${this.total === 1 ? "fault" : "faults"} in ${rows} ${rows === 1 ? "row" : "rows"}; nothing was predicted. ` +
      "Mend what errors lists: each says what was received and what is allowed.";
    throw new Problem("invalid-rows", { detail, faults: this.listed, faultCount: this.total });
  }
}

function cellFault(name: string, value: unknown, { allowed }: Refused, rowPointer: string): Fault {
  const received = value === undefined ? `${name} is missing` : `${name} is ${shown(value)}`;
  return { detail: `${received}; allowed: ${allowed}.`, pointer: `${rowPointer}/${pointerToken(name)}` };
}

function extraFault(name: string, names: readonly string[], rowPointer: string): Fault {
  const near = nearest(name, names);
  const detail = `${shown(name)} is not an input of this model. ${near ? `Did you mean ${near}?` : "Remove it."}`;
  return { detail, pointer: `${rowPointer}/${pointerToken(name)}` };
}

const MAX_SHOWN = 80;

/** A value as its sender may recognise it, never longer than a line, never walked into. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(typeof value === "string" ? value.slice(0, MAX_SHOWN) : value);
  return typeof value === "string" && value.length > MAX_SHOWN ? `${text}…` : text;
}

/** A key as one token of a JSON Pointer in a URI fragment (RFC 6901, sections 3 and 6). */
export const pointerToken = (key: string): string =>
  encodeURIComponent(key.toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1"));
