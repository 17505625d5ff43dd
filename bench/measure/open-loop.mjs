// Latency against offered load. A server is asked no further once it is hopelessly behind.
import { median } from "../load/percentiles.mjs";
import { runClient } from "../load/run-client.mjs";
import { usedBy } from "../servers/process-family.mjs";
import { inRounds, orFailure } from "./rounds.mjs";

/** {[server id]: [{rate, count, p50, p99, p999, failed, unanswered, generatorLagP99, serverCpu, clientCpu}]} */
export async function measureOpenLoop(servers, { rates, seconds, rounds, hopelessMs }, tell) {
  const seen = Object.fromEntries(servers.map(({ id }) => [id, []]));
  for (const rate of rates) {
    const asked = servers.filter(({ id }) => !seen[id].some((found) => isHopeless(found, hopelessMs)));
    const found = Object.fromEntries(asked.map(({ id }) => [id, []]));
    await inRounds(asked, rounds, async ({ id, label, url, wire, family }, round) => {
      tell(`${rate} requests a second, whatever happens, round ${round + 1} of ${rounds}: ${label}`);
      found[id].push(await orFailure(() => once({ kind: "openLoop", url, wire, rate, seconds }, family)));
    });
    for (const { id } of asked) seen[id].push({ rate, ...summary(found[id]) });
  }
  return seen;
}

const isHopeless = ({ p99, failure }, hopelessMs) => failure !== undefined || p99 > hopelessMs;

async function once(job, family) {
  const { result, cpuSeconds } = await usedBy(family, () => runClient(job, 30_000), 500);
  const { clientCpuSeconds, ...found } = result;
  return { ...found, serverCpu: cpuSeconds / job.seconds, clientCpu: clientCpuSeconds / job.seconds };
}

function summary(rounds) {
  const good = rounds.filter(({ failure }) => failure === undefined);
  if (good.length === 0) return { failure: rounds[0].failure };
  const fields = ["count", "p50", "p99", "p999", "failed", "unanswered", "generatorLagP99", "serverCpu", "clientCpu"];
  return Object.fromEntries(fields.map((field) => [field, median(good.map((round) => round[field]))]));
}
