import { wireFormats } from "../../bench/servers/wire-formats.mjs";

/** Ten decimals are answered; a row among others may be rounded otherwise than alone. */
const NEAR = 1.1e-10;

/** Whether two bodies hold the same answers, to the byte, or in a server's own wire format: some put an id of the call beside them. */
export function saysTheSame(text, known, wire) {
  if (text === known || wire === undefined) return text === known;
  const [found, right] = [text, known].map((body) => answersIn(body, wire));
  if (found === undefined || found.length !== right.length) return false;
  return right.every(
    (answer, i) => Math.abs(found[i].probability - answer.probability) <= NEAR && found[i].class === answer.class,
  );
}

function answersIn(body, wire) {
  try {
    return wireFormats[wire].decode(JSON.parse(body));
  } catch {
    return undefined; // it is no answer at all
  }
}
