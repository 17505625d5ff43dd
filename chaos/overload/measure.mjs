// Offered load against goodput and latency, far beyond what can be answered: Picklepod and its peers, the same pickles, the same
// rows, in one run.
import { percentiles } from "../../bench/load/percentiles.mjs";
import { goodputOf, peakOf } from "../load/run.mjs";
import { ask } from "../servers/ask.mjs";
import { msUntil } from "../servers/until.mjs";
import { DEADLINE_MS, forms, MOST_LAG_MS, PATIENCE_MS } from "./plan.mjs";
import { processesFor, severalLoads } from "./several-loads.mjs";

/** What is still queued after a load is nobody's any more; it has been done with when a single call is answered so soon, several times. */
const RESTED = { withinMs: 100, times: 10, mostMs: 60_000 };

/** {id, label, peak, curves: [{form, points: [{times, rate, lagP99, …what `pointOf` says}]}]} */
export async function measureOverload(server, calls, plan, { loadCores, tell }) {
  const { peakSeconds, settleSeconds, seconds, timesPeak } = plan;
  const { id, label, url, wire } = server;
  await peakOf(url, calls.file, peakSeconds); // warms what is compiled while it runs
  const peak = await peakOf(url, calls.file, peakSeconds);
  const curves = [];
  for (const { id: form, name, kept } of forms) {
    const points = [];
    for (const times of timesPeak) {
      await rested(server, calls.body, tell);
      const job = { url, wire, calls: calls.file, kept, rate: times * peak, patienceMs: PATIENCE_MS };
      const load = await severalLoads({ ...job, seconds: settleSeconds + seconds }, processesFor(job, loadCores));
      const point = pointOf(load, plan);
      points.push({ times, rate: job.rate, ...point });
      tell(`${label}, ${name}, ${times} x ${peak.toFixed(0)} a second: ${JSON.stringify(point)}`);
    }
    curves.push({ form, points });
  }
  return { id, label, peak, curves };
}

async function rested({ label, url }, body, tell) {
  let soon = 0;
  const took = await msUntil(RESTED.mostMs, async () => {
    const { status, ms } = await ask(url, { body, patienceMs: PATIENCE_MS });
    soon = status === 200 && ms <= RESTED.withinMs ? soon + 1 : 0;
    return soon === RESTED.times;
  });
  if (took === Infinity) tell(`${label} is still busy a minute after the load has ended`);
}

/** Of what was not offered nothing is said but how late it came. */
export function pointOf({ samples, lagP99 }, { settleSeconds, seconds }) {
  if (!(lagP99 <= MOST_LAG_MS)) return { lagP99 };
  const all = samples.map(([due, ...rest]) => [due - settleSeconds * 1000, ...rest]);
  const counted = all.filter(([due]) => due >= 0);
  const of = (...statuses) => counted.filter(([, , status]) => statuses.includes(status));
  const answered = of(200);
  const { p50, p99 } = percentiles(answered.map(([, ms]) => ms));
  const counts = { refused: of(429, 503).length, expired: of(504).length, unanswered: of("unanswered").length };
  return {
    lagP99,
    goodput: goodputOf(all, seconds, DEADLINE_MS),
    ...{ p50, p99, ...counts },
    others: counted.length - answered.length - counts.refused - counts.expired - counts.unanswered,
    wrong: answered.filter(([, , , right]) => !right).length,
  };
}
