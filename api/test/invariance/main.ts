/**
 * npm run test:invariance: each bundle's rows in one call, alone, in batches and permuted; how many differ in any bit.
 * INVARIANCE_ROWS (10,000) says how many rows; MODELS which bundles.
 */
import { bundleNames } from "../bundles";
import { pinRealBundle } from "../real/real-bundle";
import { absence, isSharedThere, realNames } from "../shared-material";
import { startReady } from "../start-picklepod";
import { type Report, reportInvariance, rulesText } from "./report-invariance";

const ROWS = Number(process.env["INVARIANCE_ROWS"] ?? 10_000);
/** A candidate has 3,000 columns: a tenth of the rows is as many bytes. */
const rowsOf = (bundle: string): number => (bundle === "job-transition" ? Math.ceil(ROWS / 10) : ROWS);
const env = { REQUEST_TIMEOUT_MS: "30000" };

const print = (line = ""): void => {
  process.stdout.write(`${line}\n`);
};
const counts = { passed: 0, failed: 0 };

async function measure(model: string, bundle: string, title: string): Promise<void> {
  const began = performance.now();
  const picklepod = await startReady({ models: [model], env });
  try {
    show(await reportInvariance(picklepod.url, bundle, rowsOf(bundle), title), performance.now() - began);
  } finally {
    await picklepod.stop();
  }
}

function show(report: Report, ms: number): void {
  print(`\n${report.bundle} (${(ms / 1000).toFixed(0)} s; block rules: ${rulesText(report)})`);
  for (const { mode, rows, differing } of report.measured) {
    counts[differing === 0 ? "passed" : "failed"] += 1;
    const rowsText = `${rows} rows`.padStart(12);
    print(`  ${mode.padEnd(26)}${rowsText}  ${String(differing).padStart(6)} differ`);
  }
}

async function attempt(title: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    counts.failed += 1;
    print(`\n${title}: ${(error as Error).message}`);
  }
}

async function main(): Promise<void> {
  const chosen = process.env["MODELS"]?.split(",") ?? [...bundleNames, ...realNames.map((name) => `real:${name}`)];
  for (const name of chosen.filter((word) => !word.startsWith("real:"))) {
    await attempt(name, () => measure(name, name, name));
  }
  const real = chosen.filter((word) => word.startsWith("real:")).map((word) => word.slice("real:".length));
  if (real.length > 0 && !isSharedThere) {
    counts.failed += process.env["ALLOW_NO_SHARED"] === "1" ? 0 : real.length;
    print(`\nNOT MEASURED: the real bundles. ${absence}`);
  } else {
    for (const name of real) {
      await attempt(name, async () => measure(await pinRealBundle(name), name, `${name} (real artifacts)`));
    }
  }
  print(`\n${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

void main();
