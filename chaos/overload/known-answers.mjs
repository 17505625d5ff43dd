// What a server answers to each row that is asked alone: held to the reference first, then every answer under load is held to it.
import { check } from "../../bench/servers/check-answers.mjs";
import { wireFormats } from "../../bench/servers/wire-formats.mjs";
import { ask } from "../servers/ask.mjs";
import { writeCalls } from "../servers/bundles.mjs";

/**
 * @param reference probabilities of the first rows, by the artifacts in a process of their own
 * @returns {file: of calls with their right answers, body: of the first}
 * @throws Error where it answers otherwise than the reference says
 */
export async function knownAnswers({ id, label, url, wire }, rows, reference) {
  const { encode, decode } = wireFormats[wire];
  const calls = [];
  for (const row of rows.slice(0, reference.length)) {
    const body = encode(row);
    const { status, text } = await ask(url, { body });
    if (status !== 200) throw new Error(`${label} answered ${status}: ${text.slice(0, 200)}`);
    calls.push({ body, right: text });
  }
  const answers = calls.flatMap(({ right }) => decode(JSON.parse(right)));
  check(answers, reference, `${label}, each alone`);
  return { file: await writeCalls(`overload-${id}`, calls), body: calls[0].body };
}
