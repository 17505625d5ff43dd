// Where everything of the benchmark lies, and what it borrows of Picklepod's own build.
import { createRequire } from "node:module";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");
export const peersFolder = join(root, "bench/peers");
export const profilerFolder = join(root, "bench/profile");
/** Environments, rows, and what peers save: all can be deleted, and is made again. */
export const cache = join(root, ".picklepod/bench");

const require = createRequire(import.meta.url);
const built = (module) => require(join(root, "dist", module));
const nothing = () => undefined;
const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const options = { env: process.env, log: quiet, cacheDir: join(root, ".picklepod"), bundles: ["the benchmark"] };

export const readBundle = (folder) => built("bundle/read-bundles.js").readBundle(folder);
export const findUv = async () =>
  (await built("supervise/find-uv.js").findUv({ ...options, requirements: join(root, "sidecar/locks/uv.txt") })).path;
export async function findPython(minor) {
  const uv = async () => ({ path: await findUv() });
  const found = await built("supervise/find-python.js").findPython(minor, { ...options, uv });
  return found.path ?? found.program;
}
