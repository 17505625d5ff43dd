// npm test: jest (unit, contract, end-to-end), node:test for what is no part of the API (benchmark, chaos, compose, scripts), whose
// modules jest cannot load, and pytest for the sidecar on every Python it supports that is present. pytest runs beside the other two, which
// leave half of two CPUs alone, and on two Pythons at once when they have ended; what it says is shown behind them.
// Prints one last line: N passed, N failed.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { pytest } from "./pytest.mjs";
import { runProgram } from "./run-program.mjs";

const root = join(import.meta.dirname, "..");

/** What jest says of itself; a run that wrote no report has failed as one. */
async function jest() {
  console.log("\n== jest: unit, contract, end-to-end");
  const folder = mkdtempSync(join(tmpdir(), "picklepod-jest-"));
  const report = join(folder, "report.json");
  const args = [join(root, "node_modules", "jest", "bin", "jest.js"), "--json", `--outputFile=${report}`];
  const { status } = await runProgram(process.execPath, args, { isShown: true });
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    if (numPendingTests > 0)
      console.log(`LOUDLY: ${numPendingTests} tests were skipped; the output above says what they miss`);
    return { passed: numPassedTests, failed: status === 0 ? 0 : Math.max(1, numFailedTests, numFailedTestSuites) };
  } catch (error) {
    console.log(`jest wrote no report: ${error.message}`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function nodeTest() {
  console.log("\n== node:test: what benchmark and chaos judge by, health checks, fuzzers, locks, bills of materials");
  const folders = ["bench", "chaos", "compose", "fuzz", "scripts"].map((name) => join(root, name));
  const isTest = (file) => file.endsWith(".test.mjs");
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter(isTest)
      .map((file) => join(folder, file)),
  );
  const args = ["--test", "--test-reporter", "tap", ...files];
  const { status, stdout } = await runProgram(process.execPath, args, { isShown: false });
  const said = (what) => Number(new RegExp(`^# ${what} (\\d+)$`, "m").exec(stdout)?.[1] ?? 0);
  if (status !== 0) console.log(stdout);
  return { passed: said("pass"), failed: said("fail") || (status === 0 && said("pass") > 0 ? 0 : 1) };
}

const { take, results: pythons } = pytest();
const beside = take();
const results = [await jest(), await nodeTest()];
await Promise.all([beside, take()]); // half of the machine is free now
console.log("\n== pytest: the sidecar on every Python from 3.7 to 3.13 that is here");
for (const { said } of pythons) console.log(said.trimEnd());
const total = (key) => [...results, ...pythons].reduce((sum, result) => sum + result[key], 0);
console.log(`\n${total("passed")} passed, ${total("failed")} failed`);
process.exitCode = total("failed") === 0 ? 0 : 1;
