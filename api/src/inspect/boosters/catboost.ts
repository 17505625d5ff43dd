import type { Cell, Instance } from "../../pickle/value";
import { bytesOf } from "./xgboost";

/** What a CatBoost model (cbm: a flatbuffer behind 8 bytes) says of its columns. */
export interface CatboostModel {
  readonly columns: readonly CatboostColumn[];
  readonly names: readonly string[] | undefined;
  readonly classes: readonly Cell[] | undefined;
}

export interface CatboostColumn {
  readonly name: string;
  readonly place: number;
  readonly isCategory: boolean;
  /** The lowest and the highest border of a number's. */
  readonly range: readonly [number, number] | undefined;
  readonly borders: readonly number[];
}

const read = new WeakMap<Instance, CatboostModel | undefined>();

export function readCatboost(estimator: Instance): CatboostModel | undefined {
  if (!read.has(estimator)) {
    const bytes = bytesOf(estimator.attribute("__model"));
    read.set(
      estimator,
      bytes === undefined ? undefined : readModel(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)),
    );
  }
  return read.get(estimator);
}

function readModel(buffer: Buffer): CatboostModel | undefined {
  if (buffer.toString("latin1", 0, 4) !== "CBM1") return undefined;
  try {
    const core = new Table(buffer, 8 + buffer.readUInt32LE(8));
    const trees = core.table(1);
    const columns = [...(trees?.tables(4) ?? []).map(categoryColumn), ...(trees?.tables(5) ?? []).map(numberColumn)];
    columns.sort((one, other) => one.place - other.place);
    const isNamed = columns.some(({ name, place }) => name !== "" && name !== String(place));
    return { columns, names: isNamed ? columns.map(({ name }) => name) : undefined, classes: classesIn(buffer) };
  } catch {
    return undefined; // another format than is known: its parameters must do
  }
}

const categoryColumn = (feature: Table): CatboostColumn => ({
  name: feature.text(2),
  place: feature.int(1),
  isCategory: true,
  range: undefined,
  borders: [],
});

function numberColumn(feature: Table): CatboostColumn {
  const borders = feature.floats(3);
  const [low, high] = [borders[0], borders.at(-1)];
  const range = low === undefined || high === undefined ? undefined : ([low, high] as const);
  return { name: feature.text(4), place: feature.int(2), isCategory: false, range, borders };
}

/** The parameters stand in it as JSON. */
function classesIn(buffer: Buffer): readonly Cell[] | undefined {
  const at = buffer.lastIndexOf('"class_names":[');
  const end = at < 0 ? -1 : buffer.indexOf("]", at);
  if (end < 0) return undefined;
  const classes = JSON.parse(buffer.toString("utf8", at + '"class_names":'.length, end + 1)) as Cell[];
  return classes.length === 0 ? undefined : classes;
}

/** A table of a flatbuffer: its fields by number, absent ones at their default. */
class Table {
  constructor(
    private readonly buffer: Buffer,
    private readonly at: number,
  ) {}

  private field(number: number): number | undefined {
    const fields = this.at - this.buffer.readInt32LE(this.at);
    const place = 4 + 2 * number;
    if (place >= this.buffer.readUInt16LE(fields)) return undefined;
    const offset = this.buffer.readUInt16LE(fields + place);
    return offset === 0 ? undefined : this.at + offset;
  }

  private target(number: number): number | undefined {
    const field = this.field(number);
    return field === undefined ? undefined : field + this.buffer.readUInt32LE(field);
  }

  int(number: number): number {
    const field = this.field(number);
    return field === undefined ? -1 : this.buffer.readInt32LE(field);
  }

  text(number: number): string {
    const at = this.target(number);
    return at === undefined ? "" : this.buffer.toString("utf8", at + 4, at + 4 + this.buffer.readUInt32LE(at));
  }

  floats(number: number): number[] {
    return this.each(number, (at) => this.buffer.readFloatLE(at));
  }

  table(number: number): Table | undefined {
    const at = this.target(number);
    return at === undefined ? undefined : new Table(this.buffer, at);
  }

  tables(number: number): Table[] {
    return this.each(number, (at) => new Table(this.buffer, at + this.buffer.readUInt32LE(at)));
  }

  private each<T>(number: number, one: (at: number) => T): T[] {
    const at = this.target(number);
    const count = at === undefined ? 0 : this.buffer.readUInt32LE(at);
    if (at === undefined || count > this.buffer.length) return [];
    return Array.from({ length: count }, (_, place) => one(at + 4 + 4 * place));
  }
}
