// Single rows alone, and while 10,000-row calls run back to back: at a steady rate, and by so many clients in closed loops.
import { median } from "../load/percentiles.mjs";
import { runClient } from "../load/run-client.mjs";
import { usedBy } from "../servers/process-family.mjs";
import { inRounds, orFailure } from "./rounds.mjs";
import { loopFor } from "./singles.mjs";

/** {[server id]: {idleP50, idleP99, besideP50, besideP99, failed, bulkCalls, peak}}, milliseconds and megabytes */
export async function measureBesideBulk(servers, plan, tell) {
  const { rate, seconds } = plan;
  const seen = {};
  await inRounds(servers, plan.rounds, async (server, round) => {
    tell(`single rows beside large calls, round ${round + 1} of ${plan.rounds}: ${server.label}`);
    const found = await orFailure(() => once(server, { kind: "openLoop", rate, seconds }, plan.rows));
    (seen[server.id] ??= []).push(found);
  });
  return Object.fromEntries(Object.entries(seen).map(([id, rounds]) => [id, summary(rounds)]));
}

/** {[server id]: {[clients]: the same}} */
export async function measureBesideBulkByClients(servers, plan, tell) {
  const seen = Object.fromEntries(servers.map(({ id }) => [id, {}]));
  await inRounds(servers, plan.rounds, async (server, round) => {
    for (const clients of plan.clients) {
      tell(`beside large calls, clients: ${clients}, round ${round + 1} of ${plan.rounds}: ${server.label}`);
      const found = await orFailure(() => once(server, loopFor(clients, plan), plan.rows));
      (seen[server.id][clients] ??= []).push(found);
    }
  });
  const summaries = (byClients) =>
    Object.fromEntries(Object.entries(byClients).map(([clients, rounds]) => [clients, summary(rounds)]));
  return Object.fromEntries(Object.entries(seen).map(([id, byClients]) => [id, summaries(byClients)]));
}

/** The large calls begin well before the singles, and end after them. */
const BULK_FIRST_MS = 1_500;
const BULK_LONGER_SECONDS = 1;

async function once({ url, wire, family }, load, rows) {
  const singles = () => runClient({ ...load, url, wire }, 60_000);
  const idle = await singles();
  const seconds = BULK_FIRST_MS / 1000 + (load.warmSeconds ?? 0.5) + load.seconds + BULK_LONGER_SECONDS;
  const { result, peak } = await usedBy(family, () =>
    Promise.all([
      runClient({ kind: "largeCalls", url, wire, rows, seconds }, 90_000),
      new Promise((resolve) => setTimeout(resolve, BULK_FIRST_MS)).then(singles),
    ]),
  );
  const [large, beside] = result;
  return { idle, beside, bulkCalls: large.times.length, bulkSeconds: median(large.times), peak };
}

function summary(rounds) {
  const good = rounds.filter(({ failure }) => failure === undefined);
  if (good.length === 0) return { failure: rounds[0].failure };
  const of = (which, field) => median(good.map((round) => round[which][field]));
  const most = (field) => Math.max(...good.map(({ peak }) => peak[field]));
  return {
    ...{ idleP50: of("idle", "p50"), idleP99: of("idle", "p99") },
    ...{ besideP50: of("beside", "p50"), besideP99: of("beside", "p99") },
    failed: good.reduce((all, { beside }) => all + beside.failed + (beside.unanswered ?? 0), 0),
    bulkCalls: good.reduce((all, { bulkCalls }) => all + bulkCalls, 0),
    bulkSeconds: median(good.map(({ bulkSeconds }) => bulkSeconds)),
    peak: { rssMb: most("rssMb"), ownRssMb: most("ownRssMb"), othersRssMb: most("othersRssMb") },
  };
}
