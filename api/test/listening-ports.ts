import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const LISTENS = "0A";

/** The TCP ports of IPv4 on which a process listens. */
export function listeningPorts(pid: number): number[] {
  const sockets = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => targetOf(`/proc/${pid}/fd/${fd}`)));
  return readFileSync(`/proc/${pid}/net/tcp`, "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === LISTENS && sockets.has(`socket:[${String(inode)}]`))
    .map(([, local]) => parseInt(String(local?.split(":")[1]), 16));
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined; // it was closed meanwhile
  }
}
