/**
 * How long a call of so many rows takes: `fixed + perRow x rows` milliseconds, the line of least squares through the
 * calls that came back, the latest weighing most. Before any has, what small models cost is assumed, with little weight.
 */
export class CallCost {
  private weight = 0;
  private rows = 0;
  private ms = 0;
  private rowsSquared = 0;
  private rowsByMs = 0;

  constructor() {
    for (const rows of [1, 1_000]) this.add(rows, 1 + rows * 0.005, 0.1);
  }

  observe(rows: number, ms: number): void {
    for (const sum of ["weight", "rows", "ms", "rowsSquared", "rowsByMs"] as const) this[sum] *= MEMORY;
    this.add(rows, ms, 1);
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

  private add(rows: number, ms: number, weight: number): void {
    this.weight += weight;
    this.rows += weight * rows;
    this.ms += weight * ms;
    this.rowsSquared += weight * rows * rows;
    this.rowsByMs += weight * rows * ms;
  }

  /** Neither is ever negative: noise alone can tilt the line of calls of nearly one size. */
  private line(): { fixed: number; perRow: number } {
    const spread = this.weight * this.rowsSquared - this.rows ** 2;
    const slope = (this.weight * this.rowsByMs - this.rows * this.ms) / spread;
    const perRow = Math.max(LEAST_PER_ROW, slope);
    return { fixed: Math.max(0, (this.ms - perRow * this.rows) / this.weight), perRow };
  }
}

/** A call of a hundred calls ago has a third of the newest one's weight. */
const MEMORY = 0.99;
const LEAST_PER_ROW = 0.0001;
