import { appendFileSync } from "node:fs";

const { FUZZ_TIMES = "1", FUZZ_TALLY } = process.env;

/** How many cases a property is tried with: so many in `npm test`, that many times more in `npm run fuzz`, which counts them. */
export function fuzzRuns(short: number): number {
  const runs = Math.ceil(short * Number(FUZZ_TIMES));
  if (FUZZ_TALLY !== undefined) appendFileSync(FUZZ_TALLY, `${runs}\n`);
  return runs;
}
