const ascending = (values) => Float64Array.from(values).sort();
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;

/** Of nothing, nothing: NaN. */
export function percentiles(times) {
  const sorted = ascending(times);
  const mean = sorted.reduce((sum, time) => sum + time, 0) / sorted.length;
  return { count: sorted.length, mean, p50: at(sorted, 0.5), p99: at(sorted, 0.99), p999: at(sorted, 0.999) };
}

/** Of an even number the mean of the two in the middle. */
export function median(values) {
  const sorted = ascending(values);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
}
