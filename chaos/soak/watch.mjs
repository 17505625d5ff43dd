// What each process of Picklepod holds of the machine, once a second.
import { readdirSync, readFileSync } from "node:fs";

const EVERY_MS = 1_000;

/** Samples until it is stopped: [{seconds, pid, role, rssMb, fds, threads}] */
export function watch(family) {
  const begun = performance.now();
  const samples = [];
  const look = () => {
    const seconds = (performance.now() - begun) / 1000;
    samples.push(...holdings(family).map((each) => ({ seconds, ...each })));
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    samples,
    stop: () => {
      clearInterval(timer);
    },
  };
}

/** Of each process that is there now. */
export const holdings = (family) =>
  family
    .living()
    .map(({ pid, rssMb }) => held(pid, rssMb, pid === family.rootPid))
    .filter((each) => each !== undefined);

function held(pid, rssMb, isRoot) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const threads = Number(/^Threads:\s+(\d+)$/m.exec(status)?.[1]);
    return { pid, role: roleOf(pid, isRoot), rssMb, fds: readdirSync(`/proc/${pid}/fd`).length, threads };
  } catch {
    return undefined; // it has just ended
  }
}

function roleOf(pid, isRoot) {
  if (isRoot) return "API";
  const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
  if (line.includes("picklepod_sidecar")) return "sidecar";
  return line.includes("main.js") ? "API worker" : "other";
}
