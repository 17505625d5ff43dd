// The load on one core and the server on another: what the load takes is not taken from the server, and a server of one core has a
// peak that the load can offer many times.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const TASKSET_MS = 5_000;

/**
 * Moves this process, and whatever it starts from now on, off the last of its cores.
 * @returns {load: [core, …], server: core}; undefined where there is no second core, or no taskset
 */
export function leaveACore(tell) {
  const cores = coresIn(/^Cpus_allowed_list:\s+(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))[1]);
  const server = cores.at(-1);
  const load = cores.slice(0, -1);
  if (load.length === 0) return undefined;
  try {
    execFileSync("taskset", ["-acp", load.join(","), String(process.pid)], { timeout: TASKSET_MS, stdio: "pipe" });
  } catch (error) {
    tell(`servers and load share the cores: ${error.message}`);
    return undefined;
  }
  return { load, server };
}

/** An entry of the table of peers, started with all that it starts on one core. */
export const onCore = (core, entry) => ({
  ...entry,
  command: (asked) => ["taskset", "-c", core, ...entry.command(asked)],
});

/** "0-2,5" is 0, 1, 2 and 5. */
export const coresIn = (list) =>
  list.split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
