import { NO_CATEGORY } from "../bundle/cell";
import { type Input, tensorOf } from "../bundle/input-types";
import { inputReaders } from "./cell-readers";
import type { Columns } from "./columns";

/** Cells that held nothing, by input, of as many columns as are added. */
export interface ImputedTally {
  readonly add: (columns: Columns) => void;
  /** `unknownCategories`, of the same rows: those look the same in the columns, and are counted apart. */
  readonly counts: (unknownCategories: ReadonlyMap<string, number>) => ReadonlyMap<string, number>;
}

/** The columns of one tensor in which a cell may have held nothing. */
interface Cells {
  readonly names: readonly string[];
  readonly places: readonly number[];
  readonly width: number;
}

/**
 * Counts the cells for which the manifest lets nan or zeros stand in. They are told by what stands in the columns: so it
 * is done for bodies that other threads read as well, at the cost of a look at each such cell. A cell for which a value of
 * its own stands in (`default`) cannot be told from one that held that value, and is not counted.
 * @returns undefined where no input may hold nothing
 */
export function imputedCells(inputs: ReadonlyMap<string, Input>): (() => ImputedTally) | undefined {
  const { readers, widths } = inputReaders(inputs);
  const imputable = readers.filter(({ name }) => mayBeImputed(inputs.get(name)));
  if (imputable.length === 0) return undefined;
  const cellsOf = (wanted: "numbers" | "codes"): Cells => {
    const here = imputable.filter(({ tensor }) => tensor === wanted);
    return { names: here.map(({ name }) => name), places: here.map(({ place }) => place), width: widths[wanted] };
  };
  const [numbers, codes] = [cellsOf("numbers"), cellsOf("codes")];
  return () => tallyOf(numbers, codes);
}

function mayBeImputed(input: Input | undefined): boolean {
  if (input === undefined || input.type === "ignored" || tensorOf(input) === "texts") return false;
  return [input.null, input.absent].some((rule) => rule === "nan" || rule === "zeros");
}

/** Arrays of counts are made when there is something to count, and looked through only then: most rows have no such cell. */
function tallyOf(numbers: Cells, codes: Cells): ImputedTally {
  let nans: Uint32Array | undefined;
  let noCategories: Uint32Array | undefined;
  return {
    add: (columns) => {
      nans = countNans(columns.numbers, numbers, nans);
      noCategories = countNoCategories(columns.codes, codes, noCategories);
    },
    counts: (unknownCategories) => {
      const imputed = new Map<string, number>();
      if (nans) addCounts(imputed, numbers, nans);
      if (noCategories) addCounts(imputed, codes, noCategories, unknownCategories);
      return imputed;
    },
  };
}

// Twice the same, for a loop that is handed what to look for costs ten times as much.
function countNans(values: Float64Array, { places, width }: Cells, counts: Uint32Array | undefined) {
  for (let row = 0; row < values.length && places.length > 0; row += width) {
    for (let i = 0; i < places.length; i += 1) {
      if (!Number.isNaN(values[row + (places[i] ?? 0)])) continue;
      counts ??= new Uint32Array(places.length);
      counts[i] = (counts[i] ?? 0) + 1;
    }
  }
  return counts;
}

function countNoCategories(values: Int32Array, { places, width }: Cells, counts: Uint32Array | undefined) {
  for (let row = 0; row < values.length && places.length > 0; row += width) {
    for (let i = 0; i < places.length; i += 1) {
      if (values[row + (places[i] ?? 0)] !== NO_CATEGORY) continue;
      counts ??= new Uint32Array(places.length);
      counts[i] = (counts[i] ?? 0) + 1;
    }
  }
  return counts;
}

const none: ReadonlyMap<string, number> = new Map();

function addCounts(to: Map<string, number>, { names }: Cells, counts: Uint32Array, but = none): void {
  for (let i = 0; i < counts.length; i += 1) {
    const [count = 0, name = ""] = [counts[i], names[i]];
    if (count === 0) continue;
    const left = count - (but.get(name) ?? 0);
    if (left > 0) to.set(name, left);
  }
}
