// Which of a server's connections it still holds. It is asked of the kernel: what is unread hides from a client that it was cut.
import { readFileSync } from "node:fs";

const LOOK_EVERY_MS = 100;

/** The clients' ports of all connections at this port that a process has a file for; one that was cut and is not read to its end has none. */
export function portsHeldAt(port) {
  const held = new Set();
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readFileSync(file, "utf8").trim().split("\n").slice(1)) {
      const [, local, remote, , , , , , , inode] = line.trim().split(/\s+/);
      if (portOf(local) === port && inode !== "0") held.add(portOf(remote));
    }
  }
  return held;
}

const portOf = (address) => Number.parseInt(address.slice(address.lastIndexOf(":") + 1), 16);

/**
 * Looks again and again for how long the server holds each of the sockets.
 * @returns {add(socket), areCut(): whether none is held any more, cutMs(): the longest that one was held, Infinity while one is, stop}
 */
export function watchHeld(url) {
  const port = Number(new URL(url).port);
  const ones = new Map();
  const look = () => {
    const held = portsHeldAt(port);
    const now = performance.now();
    for (const [client, one] of ones) {
      if (held.has(client)) one.isSeen = true;
      else if (one.isSeen) one.cutMs ??= now - one.since;
    }
  };
  const looking = setInterval(look, LOOK_EVERY_MS);
  const times = () => [...ones.values()].map(({ cutMs = Infinity }) => cutMs);
  return {
    /** One that has not come to the server yet is not one that was cut. */
    add: (socket) =>
      void socket.once("connect", () => ones.set(socket.localPort, { since: performance.now(), isSeen: false })),
    areCut: () => !times().includes(Infinity),
    cutMs: () => Math.max(0, ...times()),
    stop: () => clearInterval(looking),
  };
}
