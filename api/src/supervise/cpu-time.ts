import { readFileSync } from "node:fs";

/**
 * What a process has computed so far, all its threads together, in ticks of the kernel's clock (mostly of 10 ms); undefined
 * where it is gone, or the system does not tell.
 */
export function cpuTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // from field 3 on; the name in 2 may hold blanks
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return undefined; // macOS has no /proc
  }
}
