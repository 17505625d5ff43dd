// R3: calls of 10,000 rows beside single rows; and calls of 60 at twice what can be computed.
import { measureBesideBulk } from "../../bench/measure/beside-bulk.mjs";
import { makeRows } from "../../bench/servers/rows.mjs";
import { atLeast, atMost, exactly } from "../goals.mjs";
import { bulkBeyond } from "./bulk-beyond.mjs";

export const bulk = { id: "R3", what: "10,000-row calls beside single rows; 60-row calls at twice the peak", run };

async function run(how) {
  return [...(await besideSingles(how)), ...(await bulkBeyond(how))];
}

async function besideSingles({ start, tell, short }) {
  await makeRows();
  const picklepod = await start({ models: ["classification"] });
  await picklepod.ready();
  const server = {
    id: "it",
    label: "Picklepod",
    url: `${picklepod.url}/predict`,
    wire: "records",
    family: picklepod.family,
  };
  const plan = { rate: 100, seconds: short ? 4 : 10, rounds: 1, rows: 10_000 };
  const { it } = await measureBesideBulk([server], plan, tell);
  tell(JSON.stringify(it));
  await picklepod.stop();
  if (it.failure !== undefined) throw new Error(it.failure);
  return [
    atMost("p99 of the singles, times idle", it.besideP99 / it.idleP99, 5, " x"),
    exactly("singles that failed", it.failed, 0),
    atLeast("large calls meanwhile", it.bulkCalls, 3),
  ];
}
