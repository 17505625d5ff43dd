// The load's own process: does the job in its argument, prints what it found.
import { closedLoop } from "./closed-loop.mjs";
import { openLoop } from "./open-loop.mjs";

const jobs = { closedLoop, openLoop };

const { kind, ...job } = JSON.parse(process.argv[2]);
try {
  const found = await jobs[kind](job);
  process.stdout.write(JSON.stringify(found), () => process.exit(0));
} catch (error) {
  process.stderr.write(error.stack, () => process.exit(1));
}
