// R6: a sidecar that lies, in every way that tests/lies.mjs knows. It stands between the API and an honest one.
import { atMost, exactly } from "../goals.mjs";
import { ask, warm } from "../servers/ask.mjs";
import { example, fewRows } from "../servers/bundles.mjs";
import { msUntil } from "../servers/until.mjs";
import { lies } from "./lies.mjs";

export const lyingSidecar = { id: "R6", what: `a lying sidecar, ${Object.keys(lies).length} lies`, run };

const DEADLINE_MS = 1_000;
/** What the machine's scheduling may add. */
const SLACK_MS = 150;
const HONEST = new Set([502, 503, 504]);
/** Fewer than open the breaker, which would keep the lies from being told. */
const TIMES = 2;
/** By then the call that was lied to has been given up, and nothing is left of it. */
const BACK_WITHIN_MS = 2_000;

async function run({ startBetween, tell }) {
  const { api, between } = await startBetween({ folder: example });
  const url = `${api.url}/models/classification/predictions`;
  const [body] = await fewRows(1);
  const right = (await ask(url, { body })).text;
  const seen = { told: 0, wrong: 0, dishonest: [], slowest: 0, rssMb: 0, backMs: 0 };
  await warm(url, body);
  const before = api.rssMb();
  const sampling = setInterval(() => (seen.rssMb = Math.max(seen.rssMb, api.rssMb() - before)), 50);
  const all = Object.entries(lies);
  for (const [name, lie] of all) {
    const asked = between.calls.length;
    between.answerWith((call) => Promise.resolve(lie(call)).catch(() => call.response.destroy()));
    for (let time = 0; time < TIMES; time += 1) note(seen, name, await ask(url, { body }), right, tell);
    between.answerWith(undefined);
    if (between.calls.length > asked) seen.told += 1;
    seen.backMs = Math.max(seen.backMs, await honestAgain(url, body, right, seen));
    if (seen.backMs === Infinity) break; // no lie would be heard any more
  }
  clearInterval(sampling);
  return [
    exactly("lies that reached the API", seen.told, all.length),
    exactly("wrong answers", seen.wrong, 0),
    exactly("neither 502, 503 nor 504", seen.dishonest.join(", "), ""),
    atMost("slowest answer", seen.slowest, DEADLINE_MS + SLACK_MS, " ms"),
    atMost("memory grown by", seen.rssMb, 30, " MB"),
    atMost("right answers again after", seen.backMs, BACK_WITHIN_MS, " ms"),
    exactly("defects in the log", api.defects(), 0),
  ];
}

/** A number that is none is the model's own word, and its caller's: 422. */
const isNumber = (name, status) => status === 422 && ["NaN", "Infinity"].includes(name);

function note(seen, name, { status, text, ms }, right, tell) {
  tell(`${name}: ${status} in ${ms.toFixed(0)} ms`);
  if (status === 200) seen.wrong += text === right ? 0 : 1;
  if (!HONEST.has(status) && !isNumber(name, status)) seen.dishonest.push(`${name}: ${status}`);
  seen.slowest = Math.max(seen.slowest, ms);
}

/** How long until the honest sidecar is heard again. */
const honestAgain = (url, body, right, seen) =>
  msUntil(BACK_WITHIN_MS, async () => {
    const { status, text } = await ask(url, { body });
    if (status === 200 && text !== right) seen.wrong += 1; // from an honest sidecar: what is left of a lie
    return status === 200;
  });
