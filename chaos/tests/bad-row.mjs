// R7: rows that are at fault, among others that are merged into the same batches.
import { exactly, atLeast } from "../goals.mjs";
import { ask } from "../servers/ask.mjs";
import { pause } from "../servers/until.mjs";
import { fewRows, pacedBundle, RAISES } from "../servers/bundles.mjs";

export const badRow = { id: "R7", what: "a bad row, and one that makes the model raise, among merged requests", run };

/** Some batches, and fewer than would be refused: halving a batch takes its time too. */
const BESIDE = 30;
const BETWEEN_MS = 1_000;

async function run({ start, tell, short }) {
  const picklepod = await start({ models: [pacedBundle()] });
  await picklepod.ready();
  const url = `${picklepod.url}/models/paced/predictions`;
  const rows = await fewRows(BESIDE);
  const alone = [];
  for (const body of rows) alone.push((await ask(url, { body })).text);
  const seen = { changed: 0, invalid: [], raising: [] };
  const rounds = short ? 2 : 5;
  for (let round = 0; round < rounds; round += 1) {
    await oneRound(url, rows, alone, seen);
    await pause(BETWEEN_MS);
  }
  tell(JSON.stringify(seen));
  return [
    exactly("others whose answer changed", seen.changed, 0),
    exactly("invalid rows answered otherwise than 422", seen.invalid.filter((status) => status !== 422).length, 0),
    exactly("raising rows answered otherwise than 500", seen.raising.filter((status) => status !== 500).length, 0),
    atLeast("raising rows", seen.raising.length, rounds),
  ];
}

async function oneRound(url, rows, alone, seen) {
  const row = JSON.parse(rows[0]);
  const sending = rows.map((body) => ask(url, { body }));
  const invalid = ask(url, { body: JSON.stringify({ ...row, x1: "no number" }) });
  const raising = ask(url, { body: JSON.stringify({ ...row, x0: RAISES }) });
  const answers = await Promise.all(sending);
  seen.changed += answers.filter(({ text }, i) => text !== alone[i]).length;
  seen.invalid.push((await invalid).status);
  seen.raising.push((await raising).status);
}
