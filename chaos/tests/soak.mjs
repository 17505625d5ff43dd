// R17: everything together, for long.
import { planOf, runSoak } from "../soak/run-soak.mjs";

export const MINUTES = 30;
const PATIENCE_MS = 2 * MINUTES * 60_000;

export const soak = {
  id: "R17",
  what: "good, bad, large, slow and leaving clients for half an hour",
  patienceMs: PATIENCE_MS,
  run,
};

async function run({ start, tell, also, short }) {
  const { figures, notes } = await runSoak({ start, tell, also }, planOf({ short, minutes: MINUTES }));
  for (const note of notes) tell(note);
  return figures;
}
