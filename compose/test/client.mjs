// A client of one pod: it sends the first of the bundle's samples, again and again where need be, and takes the time.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { signal } from "./check.mjs";

export function openClient(bundle, port) {
  const sample = firstSample(bundle);
  const send = (path, options) => ask(`http://127.0.0.1:${port}${path}`, options);
  const predict = () => send(sample.path, sample);
  const answers = async () => {
    const { status, body, ms } = await predict();
    assert.equal(status, sample.status, body.slice(0, 500));
    assert.deepStrictEqual(JSON.parse(body), sample.response);
    return `${sample.method} ${sample.path.split("?")[0]}, ${sample.name}, ${ms} ms`;
  };
  const isGood = ({ status }) => status === sample.status;
  const ready = () =>
    until(
      ({ status }) => status === 200,
      () => send("/readyz"),
      { within: 300_000, every: 200 },
    );
  const fails = () => until((answer) => !isGood(answer), predict, { within: 5000 });
  const recovers = () => until(isGood, predict, { within: 60_000 });
  return { answers, ready, fails, recovers };
}

/** Status 0 when no answer came. A connection each time, as curl does it. */
function ask(url, { method = "GET", body } = {}) {
  const start = performance.now();
  const headers =
    body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const answer = (status, body, retryAfter) =>
      resolve({ status, body, retryAfter, ms: Math.round(performance.now() - start) });
    const fail = (error) => (signal.aborted ? reject(error) : answer(0, String(error)));
    const call = request(url, { method, headers, signal, agent: false, timeout: 5000 }, async (response) => {
      const text = await response.setEncoding("utf8").toArray().catch(fail);
      if (text) answer(response.statusCode, text.join(""), response.headers["retry-after"]);
    });
    call
      .on("timeout", () => call.destroy(new Error("no answer in 5 s")))
      .on("error", fail)
      .end(body);
  });
}

/** Asks until the answer is enough; that answer, all answers on the way, and the milliseconds it took. */
async function until(isEnough, send, { within, every = 10 }) {
  const start = performance.now();
  for (const answers = []; ; await sleep(every, undefined, { signal })) {
    const answer = await send();
    answers.push(answer);
    const ms = Math.round(performance.now() - start);
    if (isEnough(answer)) return { answer, answers, ms };
    if (ms > within)
      throw new Error(`not within ${within} ms; the last answer was ${answer.status} ${answer.body.slice(0, 500)}`);
  }
}

/** The first sample that is answered with a prediction, readme.json before others, as the bundle's clients send it. */
function firstSample(bundle) {
  const folder = new URL(`../../models/${bundle}/samples/`, import.meta.url);
  const found = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "fingerprints.json");
  const names = found.sort((a, b) => (b === "readme.json") - (a === "readme.json") || (a < b ? -1 : 1));
  const samples = names.map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, folder), "utf8")) }));
  const sample = samples.find(({ status }) => status < 300);
  if (!sample) throw new Error(`models/${bundle}/samples has no sample that is answered: run \`picklepod pin\` on it.`);
  const { name, route, request, status, response } = sample;
  const [method, path] = (route ?? `POST /models/${bundle}/predictions`).split(" ");
  if (method === "GET") return { name, method, path: `${path}?${new URLSearchParams(request)}`, status, response };
  return { name, method, path, body: JSON.stringify(request), status, response };
}
