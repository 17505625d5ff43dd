// Hypothesis at what the sidecar reads of a stranger: the tensors of a call, and pickles.
import { execFile } from "node:child_process";

import { cache } from "../bench/places.mjs";
import { environmentOf } from "../bench/servers/environment.mjs";
import { fuzzFolder, PYTHON, pythonFolder } from "./places.mjs";

/** @param cases of each property */
export async function fuzzSidecar({ cases, tell, also }) {
  const python = await environmentOf("sidecar", PYTHON, tell, fuzzFolder);
  const env = {
    ...process.env,
    FUZZ_CASES: String(cases),
    PYTHONDONTWRITEBYTECODE: "1",
    HYPOTHESIS_STORAGE_DIRECTORY: cache,
  };
  const args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=short", pythonFolder];
  const { code, said } = await run(python, args, env, also);
  const passed = Number(/(\d+) passed/.exec(said)?.[1] ?? 0);
  const failed = Number(/(\d+) failed/.exec(said)?.[1] ?? 0);
  const isRun = passed + failed > 0 && (code === 0 || failed > 0);
  const finding = isRun ? "a property does not hold" : "the properties could not be run";
  return {
    cases: (passed + failed) * cases,
    findings: code === 0 && isRun ? [] : [{ wrong: finding, sent: said.slice(-4_000) }],
  };
}

const run = (program, args, env, also) =>
  new Promise((resolve) => {
    const child = execFile(program, args, { env, cwd: fuzzFolder, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? 1) : 0, said: stdout + stderr });
    });
    also({ stop: () => child.kill() });
  });
