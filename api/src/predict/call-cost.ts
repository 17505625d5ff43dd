/** Sums over calls, from which a line of least squares follows. */
interface Sums {
  weight: number;
  rows: number;
  ms: number;
  rowsSquared: number;
  rowsByMs: number;
}

/**
 * How long a call of so many rows takes: `fixed + perRow x rows` milliseconds, the line of least squares through the
 * calls that came back, the latest weighing most, and through what small models cost. That stays, with little weight: calls
 * that are all of one size say nothing of any other.
 */
export class CallCost {
  private readonly seen: Sums = { ...NOTHING };

  observe(rows: number, ms: number): void {
    for (const sum of SUMS) this.seen[sum] *= MEMORY;
    add(this.seen, rows, ms, 1);
  }

  /** Milliseconds. */
  of(rows: number): number {
    const { fixed, perRow } = this.line();
    return fixed + perRow * rows;
  }

  /** The most rows whose call takes no longer than that, 1 at least. */
  rowsWithin(ms: number): number {
    const { fixed, perRow } = this.line();
    return Math.max(1, Math.floor((ms - fixed) / perRow));
  }

  /** Neither is ever negative: noise alone can tilt the line of calls of nearly one size. */
  private line(): { fixed: number; perRow: number } {
    const [weight, rows, ms, rowsSquared, rowsByMs] = SUMS.map((sum) => this.seen[sum] + ASSUMED[sum]) as FiveSums;
    const slope = (weight * rowsByMs - rows * ms) / (weight * rowsSquared - rows ** 2);
    const perRow = Math.max(LEAST_PER_ROW, slope);
    return { fixed: Math.max(0, (ms - perRow * rows) / weight), perRow };
  }
}

type FiveSums = [number, number, number, number, number];

const SUMS = ["weight", "rows", "ms", "rowsSquared", "rowsByMs"] as const;
const NOTHING: Sums = { weight: 0, rows: 0, ms: 0, rowsSquared: 0, rowsByMs: 0 };

/** A call of a hundred calls ago has a third of the newest one's weight. */
const MEMORY = 0.99;
const LEAST_PER_ROW = 0.0001;

function add(sums: Sums, rows: number, ms: number, weight: number): void {
  sums.weight += weight;
  sums.rows += weight * rows;
  sums.ms += weight * ms;
  sums.rowsSquared += weight * rows * rows;
  sums.rowsByMs += weight * rows * ms;
}

const ASSUMED: Readonly<Sums> = { ...NOTHING };
for (const rows of [1, 1_000]) add(ASSUMED, rows, 1 + rows * 0.005, 0.01);
