import type { Cell } from "../../pickle/value";
import type { InputFact } from "../inspection";

/** What is learned of a column that callers send, while it is followed through the estimators. */
export interface Input {
  name: string | undefined;
  readonly place: number;
  type: InputFact["type"];
  categories?: readonly Cell[] | undefined;
  coded?: true | undefined;
  unknown?: "error" | "ignored" | undefined;
  range?: readonly [number, number] | undefined;
  typical?: number | undefined;
  thresholds?: readonly number[] | undefined;
  /** Whether whatever looks at the missing value takes it; nothing looked yet: undefined. */
  takesMissing: boolean | undefined;
  /** An estimator looked at it. */
  used: boolean;
}

/** A column on its way. */
export interface Column {
  /** Undefined where several were mixed, or something was learned from them. */
  readonly input: Input | undefined;
  /** Its values are those that were sent, so that what is learned of them is true of the input. */
  readonly shows: boolean;
  /** Where it was scaled: the value that was sent, of one that stands here. */
  readonly sent?: ((value: number) => number) | undefined;
  /** A missing value that was sent is still missing. */
  readonly gaps: boolean;
  /** As the table's column is called here. */
  readonly name: string | undefined;
}

/** What an estimator makes of columns; undefined: only running it would tell. */
export type Flow = (columns: readonly Column[]) => readonly Column[] | undefined;

/** What was learned, mixed: no column of the callers'. One object for all of a vocabulary's 100,000. */
export const made: Column = { input: undefined, shows: false, gaps: false, name: undefined };

export const makeColumns = (count: number, names?: readonly string[]): Column[] =>
  names === undefined
    ? Array<Column>(count).fill(made)
    : Array.from({ length: count }, (_, place) => ({ ...made, name: names[place] }));

export const newInput = (place: number, name?: string): Input => ({
  name,
  place,
  type: "unknown",
  takesMissing: undefined,
  used: false,
});

export const asSent = (input: Input): Column => ({ input, shows: true, gaps: true, name: input.name });

export const changed = (column: Column): Column =>
  column === made ? made : { ...column, shows: false, sent: undefined };

/** Scaled, so that what is learned of it can be told of what was sent. */
export function scaled(column: Column, back: (value: number) => number): Column {
  if (column === made) return made;
  const { shows, sent } = column;
  const before = shows ? back : sent && ((value: number) => sent(back(value)));
  return { ...column, shows: false, sent: before };
}

export const filled = (column: Column): Column => (column === made ? made : { ...column, gaps: false });

/** The input that a column still shows the values of. */
export const shown = (column: Column): Input | undefined => (column.shows ? column.input : undefined);

/** Somebody looks at the column, and at its gaps where nobody filled them before. */
export function look(column: Column, takesMissing: boolean | undefined): void {
  if (column.input === undefined) return;
  column.input.used = true;
  if (!column.gaps || takesMissing === undefined) return;
  column.input.takesMissing = takesMissing && (column.input.takesMissing ?? true);
}

/** Trees split the column there. */
export function splitAt({ input, shows, sent }: Column, thresholds: readonly number[] | undefined): void {
  if (input === undefined || thresholds === undefined) return;
  if (shows) input.thresholds ??= thresholds;
  else if (sent) input.thresholds ??= thresholds.map(sent).sort((one, other) => one - other);
}

/** Whoever computes with all of them at once takes numbers, without gaps. */
export function lookForNumbers(column: Column): void {
  look(column, false);
  const input = shown(column);
  if (input?.type === "unknown") input.type = "number";
}

export function toFact(input: Input): InputFact {
  return {
    name: input.name,
    place: input.place,
    type: input.used ? input.type : "unused",
    ...(input.categories === undefined ? {} : { categories: input.categories }),
    ...(input.coded === undefined ? {} : { coded: input.coded }),
    nullable: input.takesMissing === true || !input.used,
    ...(input.unknown === undefined ? {} : { unknown: input.unknown }),
    ...(input.range === undefined ? {} : { range: input.range }),
    ...(input.typical === undefined ? {} : { typical: input.typical }),
    ...(input.thresholds === undefined ? {} : { thresholds: input.thresholds }),
  };
}
