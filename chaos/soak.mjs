// npm run soak: R17 alone, for as long as you like. Ends with 1 where a goal is missed.
//   npm run soak                      half an hour, after a quarter of warm-up
//   npm run soak -- --minutes 120     what memory lives is judged from 8 minutes on, RSS from 25
//   npm run soak -- --short           one minute, in which memory is shown and not judged
import Table from "cli-table3";
import { parseArgs } from "node:util";

import { stopWhenTold, whatIsStarted } from "./one-run.mjs";
import { dist } from "./places.mjs";
import { printTest } from "./print-table.mjs";
import { startPicklepod } from "./servers/start-picklepod.mjs";
import { planOf, runSoak } from "./soak/run-soak.mjs";
import { soak } from "./tests/soak.mjs";

const options = { minutes: { type: "string", default: "30" }, short: { type: "boolean", default: false } };
const { values } = parseArgs({ options });
const minutes = Number(values.minutes);
if (!(minutes > 0))
  throw new Error(`--minutes ${values.minutes} is not a number of minutes: npm run soak -- --minutes 30`);

const { add: also, stopAll } = whatIsStarted();
stopWhenTold(stopAll);
try {
  const start = (how) => startPicklepod({ build: dist, also, ...how });
  const { figures, tallies, notes } = await runSoak({ start, tell, also }, planOf({ ...values, minutes }));
  printTallies(tallies);
  process.exitCode = printTest(soak, { figures }) ? 0 : 1;
  for (const note of notes) console.log(note);
} finally {
  await stopAll();
}

function tell(text) {
  process.stderr.write(`${text}\n`);
}

function printTallies(tallies) {
  const table = new Table({
    head: ["clients", "calls", "right", "refused in time", "wrong"],
    style: { head: [], border: [] },
  });
  for (const [name, { sent, right, refused, wrong }] of Object.entries(tallies))
    table.push([name, sent, right, refused, wrong]);
  console.log(table.toString());
}
