import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** When a process began, in whatever form this system tells it, or undefined where there is none. With it, a pid that was given again is told apart. */
export function processStart(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // from field 3 on; the name in 2 may hold blanks
    return fields[0] === "Z" ? undefined : fields[19]; // dead, though nobody has asked how it ended
  } catch {
    return startAccordingToPs(pid);
  }
}

/** macOS has no /proc. */
function startAccordingToPs(pid: number): string | undefined {
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env: { LC_ALL: "C" } }).trim();
  } catch {
    return undefined;
  }
}
