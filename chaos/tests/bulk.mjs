// R3: calls of 10,000 rows beside single rows; and calls of 60 at twice what can be computed.
import { measureBesideBulk } from "../../bench/measure/beside-bulk.mjs";
import { makeRows } from "../../bench/servers/rows.mjs";
import { atLeast, atMost, exactly } from "../goals.mjs";
import { PACED_MS_A_ROW, pacedBundle } from "../servers/bundles.mjs";
import { bulkBeyond } from "./bulk-beyond.mjs";

export const bulk = { id: "R3", what: "10,000-row calls beside single rows; 60-row calls at twice the peak", run };

const quickRows = { model: () => "classification", path: "/predict", wire: "records", rows: 10_000 };
/** Whole, such a call would keep the sidecar for 180 ms. */
const slowRows = { model: pacedBundle, path: "/models/paced/predictions", wire: "native", rows: 60 };
/** The fewest that are computed together where so many wait, however long they take. */
const ROWS_TOGETHER = 16;
/** Single rows that came before, a part of the large call, and the row's own batch; and some for the machine. */
const MOST_MS_BESIDE_SLOW_ROWS = 3 * ROWS_TOGETHER * PACED_MS_A_ROW + 6;

async function run(how) {
  await makeRows();
  return [...(await besideQuickRows(how)), ...(await besideSlowRows(how)), ...(await bulkBeyond(how))];
}

async function besideQuickRows(how) {
  const seen = await singlesBeside(quickRows, how);
  return [atMost("p99 of the singles, times idle", seen.besideP99 / seen.idleP99, 5, " x"), ...bothServed("", seen)];
}

async function besideSlowRows(how) {
  const seen = await singlesBeside(slowRows, how);
  const of = `beside calls of ${slowRows.rows} slow rows: `;
  return [atMost(`${of}p99 of the singles`, seen.besideP99, MOST_MS_BESIDE_SLOW_ROWS, " ms"), ...bothServed(of, seen)];
}

const bothServed = (of, { failed, bulkCalls }) => [
  exactly(`${of}singles that failed`, failed, 0),
  atLeast(`${of}large calls meanwhile`, bulkCalls, 3),
];

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
