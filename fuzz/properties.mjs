// The properties in api/src/**/*.fuzz.test.ts, with many more cases than npm test gives them.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { root } from "./places.mjs";

/** @param times as many cases as in npm test */
export async function fuzzProperties({ times, tell, also }) {
  const folder = mkdtempSync(join(tmpdir(), "picklepod-fuzz-"));
  const [tally, report] = [join(folder, "tally"), join(folder, "report.json")];
  try {
    const args = [
      join(root, "node_modules/jest/bin/jest.js"),
      "--testPathPatterns",
      "fuzz\\.test",
      "--json",
      `--outputFile=${report}`,
    ];
    const env = { ...process.env, FUZZ_TIMES: String(times), FUZZ_TALLY: tally };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: "ignore" });
    also({ stop: () => child.kill() });
    await ended(child);
    const { testResults } = JSON.parse(readFileSync(report, "utf8"));
    const failed = testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === "failed"),
    );
    const unread = testResults.filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
    );
    const cases = readFileSync(tally, "utf8")
      .trim()
      .split("\n")
      .reduce((sum, runs) => sum + Number(runs), 0);
    tell(`${testResults.length} files of properties`);
    const findings = [
      ...failed.map(({ title, failureMessages }) => ({
        wrong: title,
        sent: failureMessages.join("\n").slice(0, 2_000),
      })),
      ...unread.map(({ name, message }) => ({ wrong: `${name} could not be run`, sent: message.slice(0, 2_000) })),
    ];
    return { cases, findings };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ended = (child) => new Promise((resolve) => child.on("close", resolve));
