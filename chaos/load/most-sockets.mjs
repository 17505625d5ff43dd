import { readFileSync } from "node:fs";

/** Of the 28,000 ports of one address to another, some are still being closed. */
const PORTS = 16_000;
const OWN_FILES = 100;

/** How many connections this process can hold to one server, from so many addresses. */
export function mostSockets(addresses = 1) {
  const files = Number(/^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1] ?? Infinity);
  return Math.min(PORTS * addresses, files - OWN_FILES);
}
