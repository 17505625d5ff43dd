// Loads, each in a process of its own, and what their samples say.
import { runClient } from "../../bench/load/run-client.mjs";
import { percentiles } from "../../bench/load/percentiles.mjs";
import { loadClient } from "../places.mjs";
import { ask } from "../servers/ask.mjs";
import { writeCalls } from "../servers/bundles.mjs";

const LONGER_MS = 30_000;
/** As many as a busy server has, so that it never waits for work. */
const PEAK_CLIENTS = 64;

/** {begun, samples, lagP99} of open-loop.mjs */
export function openLoop(job) {
  const seconds = job.phases.reduce((sum, phase) => sum + phase.seconds, 0);
  return runClient({ kind: "openLoop", ...job }, seconds * 1000 + LONGER_MS, loadClient);
}

/** Right answers a second, as many as it can give. */
export async function peakOf(url, calls, seconds = 4) {
  const job = { kind: "closedLoop", url, calls, clients: PEAK_CLIENTS, seconds };
  return (await runClient(job, seconds * 1000 + LONGER_MS, loadClient)).perSecond;
}

/** A file of calls with the answers that they have while nothing is wrong. */
export async function knownCalls(name, url, bodies) {
  const calls = [];
  for (const body of bodies) {
    const { status, text } = await ask(url, { body });
    if (status !== 200) throw new Error(`${url} answered ${status}: ${text.slice(0, 300)}`);
    calls.push({ body, right: text });
  }
  return writeCalls(name, calls);
}

/**
 * What the samples say: counts, and percentiles of those that were answered.
 * denied: refused, or told that the deadline has passed.
 * @param honest the statuses that a valid row may be answered with in this test: of the others, each is dishonest
 */
export function summary(samples, { deadlineMs = 1_000, honest = [200] } = {}) {
  const of = (...statuses) => samples.filter(([, , status]) => statuses.includes(status));
  const [good, refused] = [of(200), of(429, 503)];
  const denied = percentiles(of(429, 503, 504).map(([, ms]) => ms));
  return {
    sent: samples.length,
    right: good.filter(([, ms, , right]) => right && ms <= deadlineMs).length,
    wrong: good.filter(([, , , right]) => !right).length,
    refused: refused.length,
    expired: of(504).length,
    withoutRetryAfter: refused.filter(([, , , said]) => !said).length,
    dishonest: samples.filter(([, , status]) => typeof status === "number" && !honest.includes(status)).length,
    unanswered: of("lost", "refused", "unanswered").length,
    lost: of("lost", "unanswered").length,
    goodP99: percentiles(good.map(([, ms]) => ms)).p99,
    deniedP50: denied.p50,
    deniedP99: denied.p99,
    statuses: countsOf(samples.map(([, , status]) => status)),
    slowest: samples.filter(([, , status]) => status !== "left").reduce((most, [, ms]) => Math.max(most, ms), 0),
  };
}

/** It takes so long until a queue stands as it will. */
const SETTLE_MS = 500;

/**
 * Right answers a second, each within the deadline, that came while the load went on: what a queue gives when it is over is no
 * goodput.
 */
export function goodputOf(samples, seconds, deadlineMs = 1_000) {
  const came = ([due, ms]) => due + ms;
  const good = samples.filter(([, ms, status, right]) => status === 200 && right && ms <= deadlineMs);
  const within = good.filter((one) => came(one) >= SETTLE_MS && came(one) < seconds * 1000);
  return (within.length * 1000) / (seconds * 1000 - SETTLE_MS);
}

function countsOf(statuses) {
  const counts = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
