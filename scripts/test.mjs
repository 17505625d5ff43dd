// npm test: jest (unit, contract, end-to-end), node:test for what is no part of the API (benchmark, chaos, compose, scripts), whose
// modules jest cannot load, and pytest for the sidecar on every Python it supports that is present. pytest runs beside the other two, which
// leave half of two CPUs alone; what it says is shown behind them.
// Prints one last line: N passed, N failed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** @returns its exit code, and what it wrote where that is not shown at once */
async function run(program, args, { shown }) {
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", shown ? "inherit" : "pipe", "inherit"] });
  let stdout = "";
  child.stdout?.setEncoding("utf8").on("data", (piece) => (stdout += piece));
  const status = await once(child, "close").then(
    ([code]) => code,
    (error) => (console.log(`${program} does not start: ${error.message}`), 1),
  );
  return { status, stdout };
}

/** What jest says of itself; a run that wrote no report has failed as one. */
async function jest() {
  console.log("\n== jest: unit, contract, end-to-end");
  const folder = mkdtempSync(join(tmpdir(), "picklepod-jest-"));
  const report = join(folder, "report.json");
  const args = [join(root, "node_modules", "jest", "bin", "jest.js"), "--json", `--outputFile=${report}`];
  const { status } = await run(process.execPath, args, { shown: true });
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
  const { status, stdout } = await run(process.execPath, args, { shown: false });
  const said = (what) => Number(new RegExp(`^# ${what} (\\d+)$`, "m").exec(stdout)?.[1] ?? 0);
  if (status !== 0) console.log(stdout);
  return { passed: said("pass"), failed: said("fail") || (status === 0 && said("pass") > 0 ? 0 : 1) };
}

async function pytest() {
  const args = [join(root, "sidecar", "tests", "run.py"), "--uv", (await uv()).path];
  const { status, stdout } = await run("python3", args, { shown: false });
  const [, passed = 0, failed = 0] = /(\d+) passed, (\d+) failed\s*$/.exec(stdout) ?? [];
  return { passed: Number(passed), failed: Number(failed) || (status === 0 ? 0 : 1), stdout };
}

/** The uv that also makes the bundles' environments: from PATH, or our pinned one. */
function uv() {
  const { findUv } = createRequire(import.meta.url)(join(root, "dist", "supervise", "find-uv.js"));
  const say = (line) => console.log(line);
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const requirements = join(root, "sidecar", "locks", "uv.txt");
  return findUv({ env: process.env, log, cacheDir: join(root, ".picklepod"), requirements, onProgress: say });
}

const beside = pytest().catch((error) => ({ passed: 0, failed: 1, stdout: error.message }));
const results = [await jest(), await nodeTest(), await beside];
console.log("\n== pytest: the sidecar on every Python from 3.7 to 3.13 that is here");
console.log(results[2].stdout || "python3 is not there: install a Python from 3.7 to 3.13");
const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
console.log(`\n${total("passed")} passed, ${total("failed")} failed`);
process.exitCode = total("failed") === 0 ? 0 : 1;
