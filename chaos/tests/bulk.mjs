// R3: calls of 10,000 rows beside single rows; and calls of 60 at twice what can be computed.
import { measureBesideBulk } from "../../bench/measure/beside-bulk.mjs";
import { makeRows } from "../../bench/servers/rows.mjs";
import { atLeast, atMost, exactly } from "../goals.mjs";
import { pacedBundle } from "../servers/bundles.mjs";
import { bulkBeyond } from "./bulk-beyond.mjs";

export const bulk = { id: "R3", what: "10,000-row calls beside single rows; 60-row calls at twice the peak", run };

const quickRows = { model: () => "classification", path: "/predict", wire: "records", rows: 10_000 };
/** Each takes 3 ms: whole, such a call would keep the sidecar for 180. */
const slowRows = { model: pacedBundle, path: "/models/paced/predictions", wire: "native", rows: 60 };
/** At least 16 rows are computed together: single rows that came before, a part of the large call, and the row's own batch. */
const MOST_MS_BESIDE_SLOW_ROWS = 3 * 16 * 3 + 6;

async function run(how) {
  await makeRows();
  return [...(await besideQuickRows(how)), ...(await besideSlowRows(how)), ...(await bulkBeyond(how))];
}

async function besideQuickRows(how) {
  const { idleP99, besideP99, failed, bulkCalls } = await singlesBeside(quickRows, how);
  return [
    atMost("p99 of the singles, times idle", besideP99 / idleP99, 5, " x"),
    exactly("singles that failed", failed, 0),
    atLeast("large calls meanwhile", bulkCalls, 3),
  ];
}

async function besideSlowRows(how) {
  const { besideP99, failed, bulkCalls } = await singlesBeside(slowRows, how);
  const of = `beside calls of ${slowRows.rows} slow rows`;
  return [
    atMost(`${of}: p99 of the singles`, besideP99, MOST_MS_BESIDE_SLOW_ROWS, " ms"),
    exactly(`${of}: singles that failed`, failed, 0),
    atLeast(`${of}: large calls meanwhile`, bulkCalls, 3),
  ];
}

async function singlesBeside({ model, path, wire, rows }, { start, tell, short }) {
  const picklepod = await start({ models: [model()] });
  await picklepod.ready();
  const server = { id: "it", label: "Picklepod", url: picklepod.url + path, wire, family: picklepod.family };
  const plan = { rate: 100, seconds: short ? 4 : 10, rounds: 1, rows };
  const { it } = await measureBesideBulk([server], plan, tell);
  tell(JSON.stringify(it));
  await picklepod.stop();
  if (it.failure !== undefined) throw new Error(it.failure);
  return it;
}
