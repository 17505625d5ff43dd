// The sidecar's tests, one Python after the other, and the linters of its code; what they say is kept to be shown behind all else.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { runProgram } from "./run-program.mjs";

const root = join(import.meta.dirname, "..");

/** Those with a lock of the sidecar's own packages. */
const pythons = readdirSync(join(root, "sidecar", "locks"))
  .map((name) => /^sidecar-3\.(\d+)\.txt$/.exec(name)?.[1])
  .filter((minor) => minor !== undefined)
  .sort((a, b) => Number(a) - Number(b))
  .map((minor) => `3.${minor}`);

/**
 * `take` takes one part after the other until none is left: called twice, two go side by side.
 * @returns {take, results} of which each is {passed, failed, said}
 */
export function pytest() {
  const left = [...pythons, "linters"];
  const results = [];
  const found = uv();
  const take = async () => {
    for (let part = left.shift(); part !== undefined; part = left.shift()) results.push(await run(part, found));
  };
  return { take, results };
}

/** What keeps one from being run is a failure of that one, and no end of the others. */
async function run(part, found) {
  try {
    const args = [join(root, "sidecar", "tests", "run.py"), part, "--uv", (await found).path];
    const { status, stdout } = await runProgram("python3", args, { isShown: false });
    const [, passed = 0, failed = 0] = /(\d+) passed, (\d+) failed\s*$/.exec(stdout) ?? [];
    return { passed: Number(passed), failed: Number(failed) || (status === 0 ? 0 : 1), said: stdout };
  } catch (error) {
    return { passed: 0, failed: 1, said: `${part}: ${error.message}` };
  }
}

/** The uv that also makes the bundles' environments: from PATH, or our pinned one. */
function uv() {
  const { findUv } = createRequire(import.meta.url)(join(root, "dist", "supervise", "find-uv.js"));
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const requirements = join(root, "sidecar", "locks", "uv.txt");
  const onProgress = (line) => console.log(line);
  return findUv({ env: process.env, log, cacheDir: join(root, ".picklepod"), requirements, onProgress });
}
