/** What may be known of a column of numbers. */
export interface KnownNumbers {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly range?: readonly [low: number, high: number] | undefined;
  readonly typical?: number | undefined;
  /** Where trees split it, in order. */
  readonly thresholds?: readonly number[] | undefined;
}

/**
 * A number as the column may well hold: where trees split it, on either side of each threshold as likely as on any
 * other's, for within a leaf all numbers are one; else within what was seen, else about what is typical. Undefined where
 * nothing is known.
 */
export function likelyNumber(known: KnownNumbers, random: () => number): number | undefined {
  const { min = -Infinity, max = Infinity, range, typical } = known;
  const inside = (known.thresholds ?? []).filter((threshold) => threshold >= min && threshold <= max);
  if (inside.length > 0) return betweenThresholds(inside, known, random);
  const seen = range ?? aroundTypical(typical);
  if (seen === undefined) return undefined;
  const [low, high] = within(seen, known);
  return rounded(low, high, random);
}

/** As much of it as the bounds leave; bounds that leave nothing of it are right. */
function within([low, high]: readonly [number, number], { min, max }: KnownNumbers): readonly [number, number] {
  const bottom = min ?? (max === undefined ? low : Math.min(low, max - 1));
  return [Math.max(low, bottom), Math.max(Math.min(high, max ?? high), bottom)];
}

function aroundTypical(typical: number | undefined): readonly [number, number] | undefined {
  if (typical === undefined || !Number.isFinite(typical)) return undefined;
  const [one, other] = typical === 0 ? [-1, 1] : [typical * 0.5, typical * 1.5];
  return [Math.min(one, other), Math.max(one, other)];
}

function betweenThresholds(thresholds: readonly number[], known: KnownNumbers, random: () => number): number {
  const whole = betweenWholes(thresholds);
  const edges = whole ?? thresholds;
  const points = [lowest(edges, known), ...edges, highest(edges, known)];
  const gap = Math.floor(random() * (points.length - 1));
  const [low = 0, high = 0] = [points[gap], points[gap + 1]];
  if (whole === undefined) return rounded(low, high, random);
  const number = Math.round(low + (high - low) * random()) + 0; // no -0
  return Math.min(Math.max(number, known.min ?? number), known.max ?? number);
}

/** LightGBM writes its 0 so: above it there is 1. */
const ZERO = 1e-30;
/** Scaled columns have been float32. */
const NEAR = 1e-6;

/**
 * Thresholds halfway between whole numbers; undefined where they are not of whole numbers. A tree splits at the middle of
 * two values, or at the upper one.
 */
function betweenWholes(thresholds: readonly number[]): number[] | undefined {
  const halves = thresholds.map((threshold) => {
    if (Math.abs(threshold) < ZERO) return 1;
    const half = Math.round(threshold * 2);
    const isNear =
      half !== 0 && Math.abs(threshold * 2 - half) <= NEAR * Math.min(1000, Math.max(1, Math.abs(threshold)));
    return isNear ? half : Number.NaN;
  });
  return halves.includes(Number.NaN) ? undefined : halves.map((half) => (half % 2 === 0 ? half - 1 : half) / 2);
}

/** As far beyond the last as they lie apart. A single one of 0.5 is that of a yes or no. */
function margin(edges: readonly number[]): number {
  const [first = 0, last = 0] = [edges[0], edges.at(-1)];
  if (last > first) return (last - first) / edges.length;
  return first === 0.5 ? 1 : Math.abs(first) || 1;
}

function lowest(edges: readonly number[], { min, range }: KnownNumbers): number {
  const [first = 0] = edges;
  const seen = range !== undefined && range[0] < first ? range[0] : first - margin(edges);
  return Math.max(seen, Math.min(min ?? seen, first));
}

function highest(edges: readonly number[], { max, range }: KnownNumbers): number {
  const last = edges.at(-1) ?? 0;
  const seen = range !== undefined && range[1] > last ? range[1] : last + margin(edges);
  return Math.min(seen, Math.max(max ?? seen, last));
}

/** In so few digits as still tell the ends apart. */
function rounded(low: number, high: number, random: () => number): number {
  const number = low + (high - low) * random();
  const apart = Math.log10(Math.max(Math.abs(low), Math.abs(high)) / (high - low));
  const digits = Number.isFinite(apart) ? Math.min(17, Math.max(0, Math.ceil(apart)) + 3) : 17;
  return Math.min(Math.max(Number(number.toPrecision(digits)), low), high);
}
