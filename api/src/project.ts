import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where Picklepod itself lies: the same from its sources and from what is built of them. */
function findRoot(from: string): string {
  return existsSync(join(from, "sidecar", "picklepod_sidecar")) ? from : findRoot(dirname(from));
}

const root = findRoot(__dirname);

export const project = {
  root,
  modelsFolder: join(root, "models"),
  sidecarRoot: join(root, "sidecar"),
  cacheFolder: join(root, ".picklepod"),
  uvRequirements: join(root, "sidecar", "locks", "uv.txt"),
  sidecarLock: (python: string): string => join(root, "sidecar", "locks", `sidecar-${python}.txt`),
};
