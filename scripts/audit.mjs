// npm run audit: whether every lock names the bytes it installs, and which known advisories speak of what is locked. A report: it
// ends with 1 only where a lock leaves something open, or, with --strict, where there is an advisory or none could be looked up.
// `-- --all` looks up the benchmark's peers too, of which nothing is shipped.
import Table from "cli-table3";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { environmentOf } from "../bench/servers/environment.mjs";
import { openIn, openInNpm, pythonLocks, readLock } from "./supply/locks.mjs";
import { npmAdvisories } from "./supply/npm-advisories.mjs";
import { pythonAdvisories } from "./supply/python-advisories.mjs";

const root = join(import.meta.dirname, "..");
const tools = join(import.meta.dirname, "supply");
const { values } = parseArgs({ options: { strict: { type: "boolean" }, all: { type: "boolean" } } });

const locks = pythonLocks(root);
const open = [...openOfNpm(), ...locks.flatMap(openOf)];
const results = [...auditNpm(), ...(await auditPythons())];
print(results);
for (const line of open) console.log(`OPEN: ${line}`);
const unknown = results.filter((result) => result.unknown !== undefined);
const known = results.flatMap((result) => result.known ?? []);
if (unknown.length > 0) {
  console.log(
    `NOT LOOKED UP: ${unknown.length} of ${results.length}. Nothing is said of them; run this again where the network is there.`,
  );
}
const looked = results.length - unknown.length;
console.log(
  `${locks.length + 1} locks, ${open.length} places left open; ${looked} looked up, ${known.length} known advisories`,
);
if (open.length > 0 || (values.strict && known.length + unknown.length > 0)) process.exitCode = 1;

function openOfNpm() {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return openInNpm(lock).map(
    (folder) => `package-lock.json: ${folder} has no sha512. Remove it from the lock, and let npm lock it again.`,
  );
}

function openOf({ file }) {
  const names = openIn(readLock(root, file));
  return names.map(
    (name) => `${file}: ${name} has no version or no hash. Lock it with uv pip compile --generate-hashes.`,
  );
}

function auditNpm() {
  const found = [
    ["package-lock.json, what is shipped", "image", true],
    ["package-lock.json, all of it", "test", false],
  ];
  return found.map(([file, purpose, production]) => ({ file, purpose, ...npmAdvisories(root, { production }) }));
}

/** The smallest lock first: where it finds nobody to ask, no other one does. */
async function auditPythons() {
  const wanted = locks.filter(({ purpose }) => values.all || purpose !== "benchmark");
  const [smallest, ...others] = wanted.toSorted((a, b) => sizeOf(a) - sizeOf(b));
  const python = await environmentOf("tools", "3.13", (text) => process.stderr.write(`${text}\n`), tools).catch(
    ({ message }) => ({ missing: message }),
  );
  const first = python.missing
    ? { unknown: `pip-audit ${python.missing}` }
    : pythonAdvisories(root, smallest.file, python);
  const found = new Map([[smallest, first]]);
  const asFirst = { unknown: `as ${smallest.file}` };
  for (const lock of others) found.set(lock, first.unknown ? asFirst : pythonAdvisories(root, lock.file, python));
  return wanted.map((lock) => ({ ...lock, ...found.get(lock) }));
}

function sizeOf({ file }) {
  return readLock(root, file).length;
}

function print(all) {
  const table = new Table({ head: ["lock", "for", "known advisories"], style: { head: [], border: [] } });
  table.push(...all.map(({ file, purpose, ...result }) => [file, purpose, told(result)]));
  console.log(table.toString());
}

function told({ unknown: why, known: advisories, skipped = [] }) {
  if (why !== undefined) return `not looked up: ${why}`;
  const lines = advisories.map(({ name, severity, what }) => [name, severity, what].filter(Boolean).join(": "));
  if (skipped.length > 0) lines.push(`not looked up: ${skipped.join(", ")}`);
  return lines.join("\n") || "none";
}
