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
  private known: Line | undefined;

  /** A call that took far longer than was to be expected counts only so far: a pause of the machine is not the model's. */
  observe(rows: number, ms: number): void {
    const believed = Math.min(ms, MOST_BELIEVED_MS + MOST_BELIEVED * this.of(rows));
    for (const sum of SUMS) this.seen[sum] *= MEMORY;
    add(this.seen, rows, believed, 1);
    this.known = undefined;
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

  private line(): Line {
    return (this.known ??= this.fitted());
  }

  /** Neither is ever negative: noise alone can tilt the line of calls of nearly one size. */
  private fitted(): Line {
    const [weight, rows, ms, rowsSquared, rowsByMs] = SUMS.map((sum) => this.seen[sum] + ASSUMED[sum]) as FiveSums;
    const slope = (weight * rowsByMs - rows * ms) / (weight * rowsSquared - rows ** 2);
    const perRow = Math.max(LEAST_PER_ROW, slope);
    return { fixed: Math.max(0, (ms - perRow * rows) / weight), perRow };
  }
}

interface Line {
  readonly fixed: number;
  readonly perRow: number;
}

type FiveSums = [number, number, number, number, number];

const SUMS = ["weight", "rows", "ms", "rowsSquared", "rowsByMs"] as const;
const NOTHING: Sums = { weight: 0, rows: 0, ms: 0, rowsSquared: 0, rowsByMs: 0 };

/** A call of a hundred calls ago has a third of the newest one's weight. */
const MEMORY = 0.99;
const LEAST_PER_ROW = 0.0001;
const MOST_BELIEVED = 5;
const MOST_BELIEVED_MS = 20;

function add(sums: Sums, rows: number, ms: number, weight: number): void {
  sums.weight += weight;
  sums.rows += weight * rows;
  sums.ms += weight * ms;
  sums.rowsSquared += weight * rows * rows;
  sums.rowsByMs += weight * rows * ms;
}

const ASSUMED: Readonly<Sums> = { ...NOTHING };
for (const rows of [1, 1_000]) add(ASSUMED, rows, 1 + rows * 0.005, 0.01);
