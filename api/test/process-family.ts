import { readdirSync, readFileSync } from "node:fs";

/** Of a process, and of all it started, whatever group they are in. */
export function familyOf(pid: number): number[] {
  const parents = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)]),
  );
  const isOurs = (each: number | undefined): boolean => each === pid || (!!each && isOurs(parents.get(each)));
  return [...parents.keys()].filter(isOurs);
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]);
  } catch {
    return undefined; // it has ended meanwhile
  }
}
