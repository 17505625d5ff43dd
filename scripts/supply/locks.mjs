// The files that say what is installed, where they lie, and whether each of them names the bytes as well as the versions.
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

const NOT_OURS = new Set([".git", ".picklepod", "node_modules", "dist", "coverage"]);
const isLock = (file) => file.endsWith(".lock") || (file.endsWith(".txt") && file.split(sep).at(-2) === "locks");

/** What a lock is for, by where it lies; the first that fits. */
const PURPOSES = [
  [/^models\//, "image"],
  [/^sidecar\/locks\//, "image"],
  [/^bench\//, "benchmark"],
  [/^scripts\//, "tool"],
  [/^/, "test"],
];

/** [{file, purpose}] of every lock of a Python, by its address below the root. */
export function pythonLocks(root) {
  const found = [];
  const look = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const file = join(folder, entry.name);
      if (entry.isDirectory() && !NOT_OURS.has(entry.name)) look(file);
      else if (entry.isFile() && isLock(file)) found.push(file);
    }
  };
  look("");
  return found.toSorted().map((file) => ({ file, purpose: PURPOSES.find(([place]) => place.test(file))[1] }));
}

export const readLock = (root, file) => requirements(readFileSync(join(root, file), "utf8"));

/** [{name, version, hashes}] of a lock's text; a line that is nothing of that kind has no version. */
export function requirements(text) {
  const lines = text.replaceAll(/\\\r?\n/g, " ").split("\n");
  return lines.filter((line) => line.trim() !== "" && !line.startsWith("#")).map(requirement);
}

function requirement(line) {
  const [, name = line.trim(), version] = /^([\w.-]+)(?:\[[\w,.-]+\])?==([^\s;]+)/.exec(line) ?? [];
  return { name, version, hashes: [...line.matchAll(/--hash=sha256:([0-9a-f]{64})(?=\s|$)/g)].map(([, hash]) => hash) };
}

/** Names of what a Python's lock leaves open: a version, or the bytes. */
export const openIn = (entries) =>
  entries.filter(({ version, hashes }) => version === undefined || hashes.length === 0).map(({ name }) => name);

/** Folders of package-lock.json whose bytes it does not name. */
export const openInNpm = ({ packages }) =>
  Object.entries(packages)
    .filter(([folder, { integrity, link }]) => folder !== "" && link !== true && !/^sha512-/.test(integrity ?? ""))
    .map(([folder]) => folder);
