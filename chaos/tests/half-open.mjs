// R20: 200 requests come while the breaker is open, and it half-opens with them waiting.
import { atLeast, exactly } from "../goals.mjs";
import { ask } from "../servers/ask.mjs";
import { example, fewRows } from "../servers/bundles.mjs";
import { pause } from "../servers/until.mjs";
import { withinDeadline } from "./within-deadline.mjs";

export const halfOpen = { id: "R20", what: "200 waiting when the breaker half-opens", run };

const WAITING = 200;
const FAILURES = 20;
/** What a probe is waited for. The breaker half-opens anew a while after that. */
const PROBE_MS = 1_000;
const AT_ONCE_MS = 50;

async function run({ startBetween, tell }) {
  const { api, between } = await startBetween({ folder: example });
  const url = `${api.url}/models/classification/predictions`;
  const [body] = await fewRows(1);
  between.answerWith(({ response }) => void response.socket.resetAndDestroy());
  for (let failure = 0; failure < FAILURES; failure += 1) await ask(url, { body });
  // What reaches it from now on stays without an answer: a probe that is under way, and all that would go with it.
  between.answerWith(() => undefined);
  const before = between.calls.length;
  const sending = [];
  for (let i = 0; i < WAITING; i += 1) {
    sending.push(ask(url, { body }));
    await pause(4); // for 800 ms: the breaker half-opens after 500
  }
  const [first, ...others] = between.calls.slice(before);
  const together = others.filter(({ at }) => at - first.at < PROBE_MS).length + (first === undefined ? 0 : 1);
  const answers = await Promise.all(sending);
  tell(answers.map(({ status, ms }) => `${status}/${ms.toFixed(0)}`).join(" "));
  const atOnce = answers.filter(({ status, ms }) => status === 503 && ms <= AT_ONCE_MS).length;
  const slowest = Math.max(...answers.map(({ ms }) => ms));
  return [
    exactly("calls that reached the sidecar while the probe was there", together, 1),
    exactly(
      "answers that are neither 503 nor 504",
      answers.filter(({ status }) => ![503, 504].includes(status)).length,
      0,
    ),
    atLeast(`of the others, refused within ${AT_ONCE_MS} ms`, (atOnce / (WAITING - 1)) * 100, 90, " %"),
    withinDeadline("slowest answer", slowest),
  ];
}
