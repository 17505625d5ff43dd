import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../places.mjs";
import { goals } from "./goals.mjs";
import { plots } from "./plots.mjs";
import { page } from "./page.mjs";

const folder = join(root, "docs/benchmarks");

export function writeReport(results) {
  mkdirSync(folder, { recursive: true });
  const found = goals(results);
  // A curve's points are in its plot.
  const withoutCurves = (key, value) => (key === "seen" ? undefined : value);
  writeFileSync(join(folder, "results.json"), `${JSON.stringify({ ...results, goals: found }, withoutCurves, 1)}\n`);
  for (const [file, drawing] of Object.entries(plots(results))) writeFileSync(join(folder, file), drawing);
  writeFileSync(join(folder, "README.md"), page(results, found));
}
