// 10,000 rows in one call; and what they cost where nobody serves anything: the sum that no server can beat.
import { median } from "../load/percentiles.mjs";
import { runClient } from "../load/run-client.mjs";
import { usedBy } from "../servers/process-family.mjs";
import { closest, inRounds, orFailure } from "./rounds.mjs";

export async function measureLargeCalls(servers, plan, tell) {
  const seen = {};
  await inRounds(servers, plan.rounds, async (server, round) => {
    if (!closest.has(server.id) && round >= plan.otherRounds) return;
    tell(`${plan.rows} rows in one call, round ${round + 1} of ${plan.rounds}: ${server.label}`);
    const { url, wire, family } = server;
    const job = { kind: "largeCalls", url, wire, rows: plan.rows, calls: plan.calls };
    const used = await orFailure(() => usedBy(family, () => runClient(job, 60_000)));
    (seen[server.id] ??= []).push(used);
  });
  return Object.fromEntries(Object.entries(seen).map(([id, rounds]) => [id, summary(rounds, plan.calls)]));
}

function summary(rounds, calls) {
  const good = rounds.filter(({ failure }) => failure === undefined);
  if (good.length === 0) return { failure: rounds[0].failure };
  return {
    seconds: median(good.flatMap(({ result }) => result.times)),
    serverCpuSeconds: median(good.map(({ cpuSeconds }) => cpuSeconds / calls)),
    peakMb: Math.max(...good.map(({ peak }) => peak.rssMb)),
  };
}

/** Seconds: parse + columns + predict + stringify. */
export async function measureInProcess(bare) {
  const { parse, columns, stringify } = await runClient({ kind: "inProcess" }, 60_000);
  const predict = bare.predictSeconds;
  return { parse, columns, predict, stringify, sum: parse + columns + predict + stringify };
}
