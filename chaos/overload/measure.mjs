// Offered load against goodput and latency, far beyond what can be answered: Picklepod and its peers, the same pickles, the same
// rows, in one run.
import { readFewRows } from "../../bench/servers/rows.mjs";
import { wireFormats } from "../../bench/servers/wire-formats.mjs";
import { percentiles } from "../../bench/load/percentiles.mjs";
import { goodputOf, openLoop, peakOf } from "../load/run.mjs";
import { writeCalls } from "../servers/bundles.mjs";
import { pause } from "../servers/until.mjs";

export const TIMES_PEAK = [0.5, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10];
/** More than the process of the load can send and read beside a server on the same processors. */
const MOST_A_SECOND = 25_000;
/** Where the load comes so much later than it is due, it cannot be offered: what follows says nothing. */
const MOST_LAG_MS = 300;
/** An answer is good within this; whoever has none after twice as long hangs up, as clients do. */
export const DEADLINE_MS = 1_000;
const PATIENCE_MS = 2 * DEADLINE_MS;
const RECOVER_MS = 3_000;

/** {peak, points: [{rate, goodput, refused, others, goodP50, goodP99, lagP99}]} */
export async function measureOverload({ id, label, url, wire }, seconds, tell) {
  const calls = await writeCalls(`overload-${id}`, readFewRows().map((row) => ({ body: wireFormats[wire].encode(row) }))); // prettier-ignore
  const peak = await peakOf(url, calls);
  const points = [];
  for (const times of TIMES_PEAK.filter((each) => each * peak <= MOST_A_SECOND)) {
    tell(`${label}: ${times} x ${peak.toFixed(0)} requests a second`);
    const job = { url, calls, phases: [{ rate: times * peak, seconds }], patienceMs: PATIENCE_MS };
    const point = pointOf(await openLoop(job), times * peak, seconds);
    if (point.lagP99 > MOST_LAG_MS) break;
    points.push({ times, ...point });
    await pause(RECOVER_MS); // what is still queued is nobody's any more
  }
  return { id, label, peak, points };
}

function pointOf({ samples, lagP99 }, rate, seconds) {
  const answered = samples.filter(([, , status]) => status === 200);
  const refused = samples.filter(([, , status]) => status === 503 || status === 429).length;
  const { p50, p99 } = percentiles(answered.map(([, ms]) => ms));
  return {
    rate,
    goodput: goodputOf(samples, seconds, DEADLINE_MS),
    refused,
    others: samples.length - answered.length - refused,
    p50,
    p99,
    lagP99,
  };
}
