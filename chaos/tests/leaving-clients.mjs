// R11: of those that ask, 30 % leave after 20 ms. What is asked for in all is more than the model can compute: only where the rows
// of those that left are not computed do the others get theirs.
import { atLeast, exactly } from "../goals.mjs";
import { knownCalls, openLoop, peakOf, summary } from "../load/run.mjs";
import { fewRows, pacedBundle } from "../servers/bundles.mjs";
import { pacedPeak } from "./paced-peak.mjs";

export const leavingClients = { id: "R11", what: "30 % of the clients leave after 20 ms", run };

/** Of the peak; those that stay ask for 0.805 of it. */
const OFFERED = 1.15;
const HONEST = [200, 503, 504];
const LEAVING = { leaveAfterMs: 20, leaveShare: 0.3 };

async function run({ start, tell, short }) {
  const picklepod = await start({ models: [pacedBundle()] });
  await picklepod.ready();
  const url = `${picklepod.url}/models/paced/predictions`;
  const calls = await knownCalls("paced", url, await fewRows(100));
  const peak = await peakOf(url, calls, short ? 2 : 4);
  const { samples } = await openLoop({
    url,
    calls,
    phases: [{ rate: peak * OFFERED, seconds: short ? 4 : 10 }],
    ...LEAVING,
  });
  const stayed = samples.filter(([, , status]) => status !== "left");
  const found = summary(stayed, { honest: HONEST });
  tell(JSON.stringify({ peak, left: samples.length - stayed.length, ...found }));
  return [
    pacedPeak(peak),
    atLeast("of those that stay, answered rightly in time", (found.right / found.sent) * 100, 95, " %"),
    atLeast("left, of all", ((samples.length - stayed.length) / samples.length) * 100, 20, " %"),
    exactly("wrong, unanswered, or neither 200, 503 nor 504", found.unanswered + found.dishonest + found.wrong, 0),
    exactly("unhandled rejections and defects in the log", picklepod.defects(), 0),
  ];
}
