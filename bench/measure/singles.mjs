// Single rows, so many clients at once.
import { median } from "../load/percentiles.mjs";
import { runClient } from "../load/run-client.mjs";
import { usedBy } from "../servers/process-family.mjs";
import { closest, inRounds, orFailure } from "./rounds.mjs";

/** {[server id]: {[clients]: {perSecond, p50, p99, serverCpuMs, clientCpuMs, peakMb}}}: milliseconds; CPU for each request */
export async function measureSingles(servers, plan, tell) {
  const seen = {};
  await inRounds(servers, plan.rounds, async (server, round) => {
    if (!closest.has(server.id) && round >= plan.otherRounds) return;
    tell(`single rows, round ${round + 1} of ${plan.rounds}: ${server.label}`);
    for (const clients of server.slow ? plan.slowClients : plan.clients) {
      ((seen[server.id] ??= {})[clients] ??= []).push(await orFailure(() => once(server, clients, plan)));
    }
  });
  return mapValues(seen, (byClients) => mapValues(byClients, summary));
}

/** Many clients take a while to connect, and each must be answered a few times before a percentile tells anything. */
export const loopFor = (connections, { seconds, warmSeconds }) => ({
  ...{ kind: "closedLoop", connections },
  seconds: seconds + connections / 512,
  warmSeconds: warmSeconds + connections / 1024,
});

async function once({ url, wire, closes, family }, clients, plan) {
  const job = { ...loopFor(clients, plan), url, wire, closes };
  const { result, cpuSeconds, peak } = await usedBy(family, () => runClient(job, 60_000), 500);
  const { perSecond, p50, p99, failed, clientCpuSeconds } = result;
  const answered = perSecond * (job.seconds + job.warmSeconds);
  return {
    ...{ perSecond, p50, p99, failed, peakMb: peak.rssMb },
    serverCpuMs: (cpuSeconds * 1000) / answered,
    clientCpuMs: (clientCpuSeconds * 1000) / answered,
  };
}

function summary(rounds) {
  const good = rounds.filter(({ failure }) => failure === undefined);
  if (good.length === 0) return { failure: rounds[0].failure };
  const fields = ["perSecond", "p50", "p99", "serverCpuMs", "clientCpuMs"];
  return {
    ...Object.fromEntries(fields.map((field) => [field, median(good.map((round) => round[field]))])),
    failed: good.reduce((all, { failed }) => all + failed, 0),
    peakMb: Math.max(...good.map(({ peakMb }) => peakMb)),
    rounds: good.map(({ perSecond, p50, p99 }) => ({ perSecond, p50, p99 })),
  };
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
