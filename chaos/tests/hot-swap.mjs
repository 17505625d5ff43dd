// R10: a bundle is exchanged under load, and one without proof is not.
import { cpSync, rmSync } from "node:fs";

import { atLeast, exactly } from "../goals.mjs";
import { ask } from "../servers/ask.mjs";
import { fewRows, swappedFolder, versionsToSwap } from "../servers/bundles.mjs";
import { pause } from "../servers/until.mjs";

export const hotSwap = { id: "R10", what: "a bundle is exchanged under load; one without proof never goes live", run };

const CALLERS = 6;
const BETWEEN_MS = 500;

async function run({ start, tell, short }) {
  const { first, second, unproved } = versionsToSwap();
  rmSync(swappedFolder, { recursive: true, force: true });
  const write = (version) => cpSync(version, swappedFolder, { recursive: true });
  write(first);
  const picklepod = await start({ models: [swappedFolder] });
  await picklepod.ready();
  const rows = await fewRows(40);
  const right = new Map();
  const swap = async (version) => {
    write(version);
    const { status, text } = await ask(`${picklepod.url}/admin/reload`, { method: "POST", patienceMs: 60_000 });
    tell(`reload: ${status} ${text.slice(0, 300)}`);
    return { status, outcome: JSON.parse(text).bundles?.[0]?.outcome };
  };
  const early = await learn(picklepod, rows, right);
  const outcomes = [await swap(second)];
  early.push(...(await learn(picklepod, rows, right)));
  const calls = ongoingCalls(picklepod, rows);
  for (const version of short ? [first] : [first, second, first]) {
    await pause(BETWEEN_MS);
    outcomes.push(await swap(version));
  }
  const refused = await swap(unproved);
  await pause(BETWEEN_MS);
  const seen = await calls.stop();
  const digests = new Set(seen.map(({ digest }) => digest));
  return [
    exactly("swaps that did not go live", outcomes.filter(({ outcome }) => outcome !== "live").length, 0),
    exactly("the one without proof", refused.outcome, "refused"),
    atLeast("answers meanwhile", seen.length, 100),
    exactly("answers other than 200 as soon as it is live", early.length, 0),
    exactly("answers other than 200", seen.filter(({ status }) => status !== 200).length, 0),
    exactly("answers that are not those of the bundle they name", seen.filter((one) => !isOf(right, one)).length, 0),
    exactly("bundles that answered", digests.size, 2),
  ];
}

const digestIn = ({ headers }) => /digest=(\w+)/.exec(headers["picklepod-bundle"] ?? "")?.[1];
const predictions = ({ text }) => JSON.stringify(JSON.parse(text).predictions);
const isOf = (right, { status, digest, said, row }) => status !== 200 || right.get(digest)?.[row] === said;

/** What the bundle that is served now answers to each row; @returns the answers that are none. */
async function learn({ url }, rows, right) {
  const others = [];
  for (const [row, body] of rows.entries()) {
    const answer = await ask(`${url}/models/swapped/predictions`, { body });
    const digest = digestIn(answer);
    if (answer.status !== 200) others.push(answer);
    else right.set(digest, Object.assign(right.get(digest) ?? [], { [row]: predictions(answer) }));
  }
  return others;
}

/** Rows sent singly by several callers, until they are stopped. */
function ongoingCalls({ url }, rows) {
  const seen = [];
  let isOver = false;
  const caller = async (first) => {
    for (let row = first; !isOver; row = (row + 1) % rows.length) {
      const answer = await ask(`${url}/models/swapped/predictions`, { body: rows[row] });
      const said = answer.status === 200 ? predictions(answer) : undefined;
      seen.push({ status: answer.status, digest: digestIn(answer), said, row });
    }
  };
  const callers = Array.from({ length: CALLERS }, (_, i) => caller(i * 5));
  return { stop: async () => ((isOver = true), await Promise.all(callers), seen) };
}
