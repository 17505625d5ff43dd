/** Nodes enough to know where a column is split; a forest may have millions. */
const MOST_NODES = 50_000;
const MOST_THRESHOLDS = 32;

/** Where trees split their columns. */
export class Splits {
  private readonly thresholds = new Map<number, Set<number>>();
  private nodes = 0;

  get isFull(): boolean {
    return this.nodes >= MOST_NODES;
  }

  /** What leads to no sides (a missing value's test) is none. */
  add(column: number, threshold: number): void {
    this.nodes += 1;
    if (!Number.isFinite(threshold)) return;
    const known = this.thresholds.get(column);
    if (known) known.add(threshold);
    else this.thresholds.set(column, new Set([threshold]));
  }

  /** Nodes as libraries keep them: a list of columns beside a list of thresholds. */
  addAll(columns: readonly unknown[], thresholds: readonly unknown[], isSplit: (node: number) => boolean): void {
    columns.forEach((column, node) => {
      const threshold = thresholds[node];
      if (typeof column === "number" && typeof threshold === "number" && isSplit(node)) this.add(column, threshold);
    });
  }

  /** In order, evenly chosen where they are many. */
  of(column: number): readonly number[] | undefined {
    const known = this.thresholds.get(column);
    return known && evenly([...known].sort((one, other) => one - other));
  }
}

/** Of numbers in order, some, the first and the last among them. */
export function evenly(numbers: readonly number[]): readonly number[] {
  if (numbers.length <= MOST_THRESHOLDS) return numbers;
  const step = (numbers.length - 1) / (MOST_THRESHOLDS - 1);
  return Array.from({ length: MOST_THRESHOLDS }, (_, place) => numbers[Math.round(place * step)] ?? Number.NaN);
}
