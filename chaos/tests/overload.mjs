// R1 and R2: more is asked than can be answered. The peak is measured first, in the same run, on the paced bundle.
import { atLeast, atMost, exactly } from "../goals.mjs";
import { goodputOf, knownCalls, openLoop, peakOf, summary } from "../load/run.mjs";
import { fewRows, pacedBundle } from "../servers/bundles.mjs";
import { pacedPeak } from "./paced-peak.mjs";

const GOODPUT = { 1: 90, 2: 95, 5: 95, 10: 90 };
/** So many times the peak cannot be answered: somebody must be refused. */
const TOO_MANY = 5;
/** Of all, those that were taken, and then could not be answered. */
const MOST_EXPIRED = 1;
/** Who is too many may be told so in three ways. */
const HONEST = [200, 429, 503, 504];

export const overload = { id: "R1", what: "1, 2, 5 and 10 times the peak is offered", run: runOverload };
export const recovery = { id: "R2", what: "half the peak after ten times the peak", run: runRecovery };

async function pacedAtPeak({ start }, seconds) {
  const picklepod = await start({ models: [pacedBundle()] });
  await picklepod.ready();
  const url = `${picklepod.url}/models/paced/predictions`;
  const calls = await knownCalls("paced", url, await fewRows(100));
  return { picklepod, url, calls, peak: await peakOf(url, calls, seconds) };
}

async function runOverload({ start, tell, short }) {
  const seconds = short ? 3 : 8;
  const { picklepod, url, calls, peak } = await pacedAtPeak({ start }, short ? 2 : 4);
  const figures = [pacedPeak(peak)];
  for (const [times, least] of Object.entries(GOODPUT)) {
    const { samples, lagP99 } = await openLoop({ url, calls, phases: [{ rate: peak * times, seconds }] });
    const found = summary(samples, { honest: HONEST });
    const goodput = (goodputOf(samples, seconds) / peak) * 100;
    tell(`${times} x ${peak.toFixed(0)}/s: ${JSON.stringify({ goodput, ...found, lagP99 })}`);
    figures.push(
      atLeast(`${times} x: goodput of the peak`, goodput, least, " %"),
      atMost(`${times} x: p99 of the 200s`, found.goodP99, 300, " ms"),
      exactly(
        `${times} x: wrong, unanswered, or neither 200, 429, 503 nor 504`,
        found.unanswered + found.dishonest + found.wrong,
        0,
      ),
      ...refusals(times, found),
    );
  }
  return [...figures, exactly("defects in the log", picklepod.defects(), 0)];
}

/** Each figure stands in every run: 0 where nobody was refused. */
export const refusals = (times, { sent, refused, expired, deniedP99, withoutRetryAfter }) => [
  ...(times >= TOO_MANY ? [atLeast(`${times} x: refused`, refused, 1)] : []),
  atMost(`${times} x: p99 of what is refused or expires`, refused + expired === 0 ? 0 : deniedP99, 300, " ms"),
  exactly(`${times} x: refused without Retry-After`, withoutRetryAfter, 0),
  atMost(`${times} x: 504s, of all`, (expired / sent) * 100, MOST_EXPIRED, " %"),
];

async function runRecovery({ start, tell, short }) {
  const { url, calls, peak } = await pacedAtPeak({ start }, short ? 2 : 4);
  const [over, under] = short ? [2, 3] : [5, 6];
  const phases = [
    { rate: peak * 10, seconds: over },
    { rate: peak * 0.5, seconds: under },
  ];
  const { samples } = await openLoop({ url, calls, phases });
  const found = summary(samples.filter(([due]) => due >= (over + 1) * 1000));
  tell(JSON.stringify(found));
  return [pacedPeak(peak), atLeast("right, from 1 s after on", (found.right / found.sent) * 100, 99.9, " %")];
}
