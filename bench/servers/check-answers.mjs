// Nothing is timed that answers wrongly.
import { wireFormats } from "./wire-formats.mjs";

/** Ten decimals are answered. */
const NEAR = 1.1e-10;
/** A probability that close to a half may round to either class. */
const HALF = 1e-9;
const ALONE = 20;
const ANSWER_MS = 30_000;

/** @param reference probabilities of the first rows, by the artifacts in a process of their own */
export async function checkAnswers({ label, url, wire }, rows, reference) {
  const ask = (asked) => answersTo(asked, { label, url, wire });
  const together = await ask(rows.slice(0, reference.length));
  const alone = (await Promise.all(rows.slice(0, ALONE).map(ask))).map(([answer]) => answer);
  check(together, reference, `${label}, in a list`);
  check(alone, reference.slice(0, ALONE), `${label}, alone`);
}

async function answersTo(rows, { label, url, wire }) {
  const { encode, decode } = wireFormats[wire];
  const headers = { "content-type": "application/json" };
  const signal = AbortSignal.timeout(ANSWER_MS);
  const reply = await fetch(url, { method: "POST", headers, body: encode(rows), signal });
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${label} answered ${reply.status}: ${text.slice(0, 200)}`);
  return decode(JSON.parse(text));
}

/** @throws Error that names the first row that is answered otherwise than the reference says */
export function check(answers, reference, where) {
  if (answers.length !== reference.length) {
    throw new Error(`${where}: answered ${answers.length} of ${reference.length} rows`);
  }
  const probabilities = answers.map(({ probability }) => probability);
  const isOtherClass = ({ class: found }, i) =>
    Math.abs(reference[i] - 0.5) > HALF && found !== Number(reference[i] >= 0.5);
  const [wrong = answers.findIndex(isOtherClass)] = differences(probabilities, reference);
  if (wrong === -1) return;
  throw new Error(`${where}, row ${wrong}: answered ${JSON.stringify(answers[wrong])}, right is ${reference[wrong]}`);
}

/** Places at which probabilities are not the reference's. */
export const differences = (probabilities, reference) =>
  reference.flatMap((expected, i) => (Math.abs(probabilities[i] - expected) <= NEAR ? [] : [i]));
