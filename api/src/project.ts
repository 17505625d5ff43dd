import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where Picklepod itself lies: the same from its sources and from what is built of them. */
function findRoot(from: string): string {
  if (existsSync(join(from, "models")) && existsSync(join(from, "package.json"))) return from;
  if (dirname(from) === from)
    throw new Error("Picklepod's own folder, with package.json and models/, is not above its code");
  return findRoot(dirname(from));
}

const root = findRoot(__dirname);

export const project = {
  root,
  modelsFolder: join(root, "models"),
  sidecarRoot: join(root, "sidecar"),
  cacheFolder: join(root, ".picklepod"),
  stateFolder: join(root, ".picklepod", "state"),
  uvRequirements: join(root, "sidecar", "locks", "uv.txt"),
  sidecarLock: (python: string): string => join(root, "sidecar", "locks", `sidecar-${python}.txt`),
};
