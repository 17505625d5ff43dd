// Calls of many rows at twice what can be computed: they are answered in time, or refused before they have cost anything.
import { atLeast, atMost, exactly } from "../goals.mjs";
import { goodputOf, knownCalls, openLoop, peakOf, summary } from "../load/run.mjs";
import { fewRows, pacedBundle } from "../servers/bundles.mjs";
import { pacedPeak } from "./paced-peak.mjs";

/** More than are computed together, so that a call is cut; a call has a second, and a millisecond for each row. */
const ROWS = 60;
const DEADLINE_MS = 1_000 + ROWS;

export async function bulkBeyond({ start, tell, short }) {
  const picklepod = await start({ models: [pacedBundle()] });
  await picklepod.ready();
  const url = `${picklepod.url}/models/paced/predictions`;
  const rows = await fewRows(ROWS);
  const peak = await peakOf(url, await knownCalls("paced", url, rows), 2);
  const callsPeak = peak / ROWS;
  const seconds = short ? 8 : 20;
  const calls = await knownCalls("bulk", url, [`[${rows.join(",")}]`]);
  const { samples } = await openLoop({ url, calls, phases: [{ rate: 2 * callsPeak, seconds }] });
  await picklepod.stop();
  const found = summary(samples, { deadlineMs: DEADLINE_MS, honest: [200, 429, 503, 504] });
  const goodput = goodputOf(samples, seconds, DEADLINE_MS);
  tell(JSON.stringify({ peak, goodput, ...found }));
  const of = `calls of ${ROWS} rows at twice the peak`;
  return [
    pacedPeak(peak),
    atLeast(`${of}: goodput of the peak`, (100 * goodput) / callsPeak, 75, " %"),
    atMost(`${of}: 504 of all`, (100 * found.expired) / found.sent, 10, " %"),
    exactly(`${of}: wrong, unanswered, or neither 200, 429, 503 nor 504`, found.wrong + found.unanswered + found.dishonest, 0), // prettier-ignore
  ];
}
