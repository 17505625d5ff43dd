// What a server and everything that it started use of the machine, from /proc.
import { readdirSync, readFileSync } from "node:fs";

const TICKS_A_SECOND = 100; // what Linux tells user space, whatever it counts in
const PAGE_KB = 4;

/** Fields of /proc/<pid>/stat; the name, which may hold anything, is left out. */
export function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const cpu = (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
    return {
      pid,
      state: fields[0],
      parent: Number(fields[1]),
      cpu,
      start: fields[19],
      rssMb: (Number(fields[21]) * PAGE_KB) / 1024,
    };
  } catch {
    return undefined; // it has ended
  }
}

/**
 * The process and its descendants, also those whose parent has gone, once they were seen. Each is known by its pid and its
 * start, for the pid of one that has ended is given to a stranger.
 */
export function processFamily(rootPid) {
  const known = new Map([[rootPid, statOf(rootPid)?.start]]);
  const living = () => {
    const all = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => statOf(Number(pid)));
    const seen = all.filter((stat) => stat !== undefined && stat.state !== "Z");
    const family = new Set(seen.filter(({ pid, start }) => known.get(pid) === start).map(({ pid }) => pid));
    let before;
    do {
      before = family.size;
      for (const { pid, parent } of seen) if (family.has(parent)) family.add(pid);
    } while (family.size > before);
    const members = seen.filter(({ pid }) => family.has(pid));
    for (const { pid, start } of members) known.set(pid, start);
    return members;
  };
  return { rootPid, living, use: () => sum(living(), rootPid) };
}

const total = (members, field) => members.reduce((all, member) => all + member[field], 0);

/** own: the process that was started; others: what it started. */
function sum(members, rootPid) {
  const own = members.filter(({ pid }) => pid === rootPid);
  const others = members.filter(({ pid }) => pid !== rootPid);
  return {
    cpu: total(members, "cpu"),
    rssMb: total(members, "rssMb"),
    ownRssMb: total(own, "rssMb"),
    othersRssMb: total(others, "rssMb"),
    processes: members.length,
  };
}

/** Runs work beside a sampler: what the family used meanwhile, the most memory that was seen, and when how much. */
export async function usedBy(family, work, everyMs = 250) {
  const begun = performance.now();
  const before = family.use();
  const peak = { rssMb: before.rssMb, ownRssMb: before.ownRssMb, othersRssMb: before.othersRssMb };
  const seen = [];
  const look = () => {
    const now = family.use();
    for (const field of Object.keys(peak)) peak[field] = Math.max(peak[field], now[field]);
    seen.push({ seconds: (performance.now() - begun) / 1000, ownRssMb: now.ownRssMb, othersRssMb: now.othersRssMb });
    return now;
  };
  const timer = setInterval(look, everyMs);
  try {
    const result = await work();
    return { result, cpuSeconds: look().cpu - before.cpu, before, peak, seen };
  } finally {
    clearInterval(timer);
  }
}
