// The rows that everybody is asked: seeded, of the example bundle's own generator.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { cache, findPython, root } from "../places.mjs";

export const ROWS = 10_000;
/** Single rows are taken from these: a client that reads 17 MB first takes a second to begin. */
const FEW = 512;
const SEED = 5;
export const rowsFile = join(cache, `rows-${ROWS}-${SEED}.json`);

export async function makeRows() {
  if (existsSync(rowsFile)) return;
  mkdirSync(cache, { recursive: true });
  const args = [join(root, "models/synthetic"), "classification", "--rows", ROWS, "--seed", SEED].map(String);
  const text = execFileSync(await findPython("3.9"), args, { maxBuffer: 1 << 28, timeout: 60_000 });
  writeFileSync(`${rowsFile}.part`, text);
  writeFileSync(few, JSON.stringify(JSON.parse(text).slice(0, FEW)));
  renameSync(`${rowsFile}.part`, rowsFile);
}

const few = join(cache, `rows-${FEW}-${SEED}.json`);

export const readRows = () => JSON.parse(readFileSync(rowsFile, "utf8"));
export const readFewRows = () => JSON.parse(readFileSync(few, "utf8"));
