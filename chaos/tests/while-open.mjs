// What callers meet while the breaker is open: all are told at once, but for the one that is let through to see.
import { percentiles } from "../../bench/load/percentiles.mjs";

/** The breaker's resetTimeout (sidecar-client.ts): a probe may go when it has passed, and not before. */
const PROBE_EVERY_MS = 500;

/**
 * How long they waited, whatever they were told: a few quick refusals are no breaker where most wait for their deadline. Of those
 * that came within one interval the slowest is left out, which is the probe where there was one.
 * @param samples [[due, ms, …], …]; NaN where there are none
 */
export function p99ButProbes(samples) {
  const intervals = {};
  for (const [due, ms] of samples) (intervals[Math.floor(due / PROBE_EVERY_MS)] ??= []).push(ms);
  return percentiles(Object.values(intervals).flatMap(withoutMost)).p99;
}

const withoutMost = (times) => times.sort((a, b) => a - b).slice(0, -1);
