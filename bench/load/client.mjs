// The client's process: does the job in its argument, prints what it found and what CPU that cost.
import { closedLoop } from "./closed-loop.mjs";
import { inProcess } from "./in-process.mjs";
import { largeCalls } from "./large-calls.mjs";
import { openLoop } from "./open-loop.mjs";
import { streamCall } from "./stream-call.mjs";

const jobs = { closedLoop, inProcess, openLoop, largeCalls, streamCall };

const { kind, ...job } = JSON.parse(process.argv[2]);
try {
  const found = await jobs[kind](job);
  process.stdout.write(JSON.stringify(found), () => process.exit(0)); // autocannon leaves sockets behind
} catch (error) {
  process.stderr.write(error.message, () => process.exit(1));
}
