// Seconds of one call against the rows in it.
import { median } from "../load/percentiles.mjs";
import { runClient } from "../load/run-client.mjs";
import { orFailure } from "./rounds.mjs";

/** {[server id]: [{rows, seconds}]} */
export async function measureRowCounts(servers, counts, tell) {
  const seen = Object.fromEntries(servers.map(({ id }) => [id, []]));
  for (const { rows, calls } of counts) {
    for (const { id, label, url, wire } of servers) {
      tell(`${rows} rows in one call: ${label}`);
      const job = { kind: "largeCalls", url, wire, rows, calls };
      const found = await orFailure(() => runClient(job, 90_000));
      seen[id].push({ rows, ...(found.failure ? found : { seconds: median(found.times) }) });
    }
  }
  return seen;
}
