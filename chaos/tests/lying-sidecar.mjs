// R6: a sidecar that lies, in every way that tests/lies.mjs knows. It stands between the API and an honest one.
import { atMost, exactly } from "../goals.mjs";
import { ask, warm } from "../servers/ask.mjs";
import { example, fewRows } from "../servers/bundles.mjs";
import { msUntil } from "../servers/until.mjs";
import { lies } from "./lies.mjs";
import { withinDeadline } from "./within-deadline.mjs";

export const lyingSidecar = { id: "R6", what: `a lying sidecar, ${Object.keys(lies).length} lies`, run };

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
  const seen = { told: 0, untold: [], wrong: 0, dishonest: [], slowest: 0, rssMb: 0, backMs: 0 };
  await warm(url, body);
  const before = api.rssMb();
  const sampling = setInterval(() => (seen.rssMb = Math.max(seen.rssMb, api.rssMb() - before)), 50);
  const all = Object.entries(lies);
  for (const [name, lie] of all) {
    const asked = between.calls.length;
    between.answerWith((call) => tellLie(name, lie, call, seen.untold));
    for (let time = 0; time < TIMES; time += 1) note(seen, name, await ask(url, { body }), right, tell);
    between.answerWith(undefined);
    if (between.calls.length > asked) seen.told += 1;
    seen.backMs = Math.max(seen.backMs, await honestAgain(url, body, right, seen));
    if (seen.backMs === Infinity) break; // no lie would be heard any more
  }
  clearInterval(sampling);
  return [
    exactly("lies that reached the API", seen.told, all.length),
    exactly("lies that could not be told", seen.untold.join(", "), ""),
    exactly("wrong answers", seen.wrong, 0),
    exactly(
      "neither 502, 503 nor 504, nor 422 for a NaN or Infinity, which is the row's fault",
      seen.dishonest.join(", "),
      "",
    ),
    withinDeadline("slowest answer", seen.slowest),
    atMost("memory grown by", seen.rssMb, 30, " MB"),
    atMost("right answers again after", seen.backMs, BACK_WITHIN_MS, " ms"),
    exactly("defects in the log", api.defects(), 0),
  ];
}

/** A lie that fails on its way would be another one: a reset. */
async function tellLie(name, lie, call, untold) {
  try {
    await lie(call);
  } catch (error) {
    untold.push(`${name}: ${error.message}`);
    call.response.destroy();
  }
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
