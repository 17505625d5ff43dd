// Schemathesis against the running API, by the API's own OpenAPI, with every check it has.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { environmentOf } from "../bench/servers/environment.mjs";
import { fuzzFolder, PYTHON } from "./places.mjs";

const { tableFromArrays, tableToIPC } = createRequire(import.meta.url)("apache-arrow");
/** Of one run: a row of a hundred columns is slow to make up. */
const MOST_MS = 3 * 60 * 60_000;

/** @param cases of the phase fuzzing, over all operations; coverage makes some ten thousand besides. */
export async function fuzzContract({ url, row, cases, phases, seed, tell, also }) {
  const python = await environmentOf("schemathesis", PYTHON, tell, fuzzFolder);
  const openapi = `${url}/openapi.json`;
  const { paths } = await (await fetch(openapi)).json();
  const operations = Object.values(paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0);
  const folder = mkdtempSync(join(tmpdir(), "picklepod-schemathesis-"));
  const report = join(folder, "report.json");
  const options = [
    ...["run", openapi, "--checks", "all", "--seed", String(seed), "--workers", "2", "--continue-on-failure"],
    ...["--max-examples", String(Math.ceil(cases / operations)), "--phases", phases],
    ...[
      "--report",
      "json",
      "--report-json-path",
      report,
      "--output-truncate",
      "false",
      "--suppress-health-check",
      "all",
    ],
  ];
  try {
    const env = {
      ...process.env,
      FUZZ_BODIES: JSON.stringify(bodiesOf(row)),
      SCHEMATHESIS_HOOKS: "schemathesis_hooks",
      PYTHONPATH: fuzzFolder,
    };
    const said = await run(join(dirname(python), "schemathesis"), options, { env, cwd: folder }, also);
    return read(report, said);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One row in every other way than JSON. */
function bodiesOf(row) {
  const names = Object.keys(row);
  const line = JSON.stringify(row);
  const csv = `${names.join(",")}\r\n${names.map((name) => quoted(row[name])).join(",")}\r\n`;
  const arrow = tableToIPC(tableFromArrays(Object.fromEntries(names.map((name) => [name, [row[name]]]))), "stream");
  const base64 = (body) => Buffer.from(body).toString("base64");
  return {
    "text/csv": [base64(csv)],
    "application/x-ndjson": [base64(`${line}\n`), base64(`${line}\n${line}\n`)],
    "application/vnd.apache.arrow.stream": [base64(arrow)],
  };
}

/** Null is a cell without text and without quotes. */
const quoted = (cell) => (typeof cell === "string" ? `"${cell}"` : String(cell ?? ""));

const run = (program, args, where, also) =>
  new Promise((resolve) => {
    const child = execFile(program, args, { ...where, maxBuffer: 2 ** 28, timeout: MOST_MS }, (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
    also({ stop: () => child.kill() });
  });

function read(report, said) {
  if (!existsSync(report))
    return { cases: 0, findings: [{ wrong: "schemathesis could not be run", sent: said.slice(-4_000) }] };
  const { test_cases: cases, failures, errors } = JSON.parse(readFileSync(report, "utf8"));
  const findings = [
    ...failures.map(({ code, title, count, operations }) => ({
      wrong: `${code} ${title}: ${count} at ${operations.join(", ")}`,
    })),
    ...errors.map((error) => ({ wrong: `not run: ${JSON.stringify(error).slice(0, 300)}` })),
  ];
  if (findings.length > 0) findings[0].sent = said.slice(0, 200_000);
  return { cases: cases.generated, findings };
}
