// The sidecar's stacks while it is asked, by py-spy, which looks at the process from outside.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { profilerFolder } from "../places.mjs";
import { environmentOf } from "../servers/environment.mjs";
import { statOf } from "../servers/process-family.mjs";
import { profileFolder } from "./profiled-server.mjs";

const run = promisify(execFile);
const SAMPLES_A_SECOND = 400;

/** Where py-spy lies; installed on first use. */
export async function pySpyOf(tell) {
  const python = await environmentOf("py-spy", "3.9", tell, profilerFolder);
  return join(python, "../py-spy");
}

/** [{stack: [{functionName, file}, …] from the outermost in, seconds}], without what only waited */
export async function stacksOfPython(pySpy, pid, seconds) {
  const file = join(profileFolder, "py-spy.txt");
  const options = ["--pid", pid, "--duration", seconds, "--rate", SAMPLES_A_SECOND, "--function", "--nonblocking"];
  const args = ["record", ...options, "--format", "raw", "--output", file].map(String);
  const before = statOf(pid).cpu;
  await run(pySpy, args, { timeout: (seconds + 30) * 1000 });
  const stacks = readFileSync(file, "utf8").trim().split("\n").filter(Boolean).map(stackOf);
  return withoutWaiting(stacks, statOf(pid).cpu - before);
}

/** `run (app.py:1);infer (served.py:7) 12` */
function stackOf(line) {
  const [, frames, samples] = /^(.*) (\d+)$/.exec(line);
  const stack = frames.split(";").map((frame) => {
    const [, functionName, file = ""] = /^(.*?)(?: \((.*?)(?::\d+)?\))?$/.exec(frame);
    return { functionName, file };
  });
  return { stack, seconds: Number(samples) / SAMPLES_A_SECOND };
}

const isIn = (functionName, file) => (frame) => frame.functionName === functionName && frame.file.endsWith(file);
const waitsForItsEnd = isIn("end_with_stdin", "server.py");
const isEventLoop = isIn("run", "server.py");

/**
 * Where the kernel does not tell py-spy that a thread sleeps, all count as at work. So the thread that waits for the end is
 * left out, and the event loop, whose frame stands alone while it waits and while its C code works, has what CPU is left.
 */
function withoutWaiting(stacks, cpuSeconds) {
  const atWork = stacks.filter(({ stack }) => !waitsForItsEnd(stack.at(-1)));
  const isAlone = ({ stack }) => isEventLoop(stack.at(-1));
  const known = atWork.filter((each) => !isAlone(each)).reduce((sum, { seconds }) => sum + seconds, 0);
  const left = Math.max(0, cpuSeconds - known);
  const [loop] = atWork.filter(isAlone);
  return [...atWork.filter((each) => !isAlone(each)), ...(loop && left > 0 ? [{ ...loop, seconds: left }] : [])];
}
