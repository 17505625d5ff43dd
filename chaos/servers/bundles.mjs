// The bundles that are served: the example as it is, and `paced`, the same pickles behind a step that waits 3 ms for each row. A
// model that waits leaves the processors to the API and to the load: then ten times its peak can be offered on one machine.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { makeRows, readFewRows } from "../../bench/servers/rows.mjs";
import { cache, dist, root } from "../places.mjs";

export const example = join(root, "models/classification");
/** What the paced model waits for each row. */
export const PACED_MS_A_ROW = 3;
/** x0 of a row for which the paced model raises. */
export const RAISES = 666;
const PIN_MS = 300_000;

/** It waits where it serves, not where it is pinned: a search for its block rule would wait for minutes. */
const PACE = `import sys
import time

SECONDS_A_ROW = ${PACED_MS_A_ROW / 1000} if "picklepod_sidecar" in sys.modules else 0


def wait(rows):
    if (rows[:, 0] == ${RAISES}).any():
        raise ValueError("no model can answer this row")
    time.sleep(SECONDS_A_ROW * len(rows))
    return rows[:, 0]
`;

/** The folder of the paced bundle, made where it is not there or was made of other files. */
export function pacedBundle() {
  return madeOnce("paced", (folder) => {
    writeFileSync(join(folder, "pace.py"), PACE);
    rmSync(join(folder, "samples"), { recursive: true });
    rewrite(folder, (text) =>
      text
        .replace(/^name: .*/m, "name: paced")
        .replace(/^steps:/m, "code: {pace: pace.py}\n\nsteps:\n  - {code: pace.wait, columns: [x0], output: waited}")
        .replace(/^contract:[^]*/m, ""),
    );
  });
}

/** The example's inputs but its categories. */
const NUMBERS = Array.from({ length: 100 }, (_, i) => `x${i}`).filter(
  (name) => !["x5", "x31", "x81", "x82"].includes(name),
);

/** The example with one input more, an integer, which nothing is made of. */
export function countedBundle() {
  return madeOnce("counted", (folder) => {
    writeFileSync(join(folder, "count.py"), "def keep(rows):\n    return rows[:, 0]\n");
    rmSync(join(folder, "samples"), { recursive: true });
    rewrite(folder, (text) =>
      text
        .replace(/^name: .*/m, "name: counted")
        .replace(/^inputs:/m, "inputs:\n  count: {type: integer}")
        .replace("columns: numbers", `columns: [${NUMBERS}]`)
        .replace(
          /^steps:/m,
          "code: {count: count.py}\n\nsteps:\n  - {code: count.keep, columns: [count], output: kept}",
        )
        .replace(/^contract:[^]*/m, ""),
    );
  });
}

/** Rows of it that are answered with 10 MB, at its route /wide. */
export const WIDE_ROWS = 1_500;

/** The example with a contract that says the names of the selected columns a hundred times for each row. */
export function wideBundle() {
  return madeOnce("wide", (folder) => {
    rmSync(join(folder, "samples"), { recursive: true });
    const fields = Array.from({ length: 100 }, (_, i) => `c${i}: {columns_of: selected, as: inputs}`);
    const route = `{path: /wide, request: {shape: rows}, response: {shape: records, fields: {${fields.join(", ")}}}}`;
    const contract = `contract:\n  routes:\n    - ${route}\n`;
    rewrite(folder, (text) => text.replace(/^name: .*/m, "name: wide").replace(/^contract:[^]*/m, contract));
  });
}

/** Where the bundle lies that is exchanged while it is served. */
export const swappedFolder = join(cache, "models/swapped");

/** Folders: two versions that decide otherwise, and a third whose sample is not what it answers. */
export function versionsToSwap() {
  const version = (name, number, threshold) => (folder) =>
    rewrite(folder, (text) =>
      text
        .replace(/^name: .*/m, "name: swapped")
        .replace(/^version: .*/m, `version: "${number}"`)
        .replace("at_least: 0.5", `at_least: ${threshold}`),
    );
  const made = (name, number, threshold, after) =>
    madeOnce(name, version(name, number, threshold), after, `${number} ${threshold}`);
  return {
    first: made("swap-1", 1, 0.5),
    second: made("swap-2", 2, 0.000001),
    unproved: made("swap-3", 3, 0.75, falsifySample),
  };
}

function falsifySample(folder) {
  const file = join(folder, "samples/three-rows.json");
  const sample = JSON.parse(readFileSync(file, "utf8"));
  for (const outputs of Object.values(sample.outputs)) outputs.probability[0] += 0.001;
  writeFileSync(file, JSON.stringify(sample));
}

const rewrite = (folder, change) => {
  const file = join(folder, "model.yaml");
  writeFileSync(file, change(readFileSync(file, "utf8")));
};

/** `change` is made before it is pinned, `after` behind that; `of` tells apart what their text does not. */
function madeOnce(name, change, after = () => undefined, of = "") {
  const folder = join(cache, "models", name);
  const digest = digestOf(example, [change, after, of, PACE]);
  const made = join(cache, "models", `${name}.digest`);
  if (existsSync(made) && readFileSync(made, "utf8") === digest) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(cache, "models"), { recursive: true });
  cpSync(example, folder, { recursive: true });
  rmSync(join(folder, "bundle.json"));
  change(folder);
  pin(folder);
  after(folder);
  writeFileSync(made, digest);
  return folder;
}

export const pin = (folder) =>
  execFileSync(process.execPath, [join(dist, "cli/picklepod.js"), "pin", folder], { timeout: PIN_MS, stdio: "pipe" });

const digestOf = (folder, parts) =>
  createHash("sha256")
    .update(readFileSync(join(folder, "bundle.json")))
    .update(parts.join("\n"))
    .digest("hex");

/** Rows as the load sends them: [{body, right?}] in a file, for the load's own process. */
export async function writeCalls(name, calls) {
  mkdirSync(cache, { recursive: true });
  const file = join(cache, `calls-${name}.json`);
  writeFileSync(file, JSON.stringify(calls));
  return file;
}

/** Single rows, as text, without those that the paced model raises for. */
export async function fewRows(count) {
  await makeRows();
  return readFewRows()
    .slice(0, count)
    .map((row) => JSON.stringify(row));
}
