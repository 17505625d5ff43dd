import { constants, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { readBundle } from "../bundle/read-bundles";
import type { BundleParts } from "./bundle-parts";

/**
 * The files of a bundle that a sidecar loads, in a folder of their own. What stands there is whole, and is that bundle.
 * @throws BundleError, or an Error where its own folder holds another bundle by now
 */
export function copyBundle({ folder, json }: BundleParts, to: string): void {
  if (existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  const draft = mkdtempSync(`${to}.making-`);
  try {
    for (const file of filesOf(json)) copyFileSync(join(folder, file), join(draft, file), constants.COPYFILE_FICLONE);
    cpSync(join(folder, "samples"), join(draft, "samples"), { recursive: true });
    if (readBundle(draft).json.digest !== json.digest) throw new Error(`${folder} holds another bundle by now`);
    renameSync(draft, to);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

const filesOf = (json: BundleParts["json"]): Set<string> =>
  new Set([
    "bundle.json",
    ...Object.keys(json.files),
    json.lock.file,
    ...Object.values(json.code ?? {}).map(({ file }) => file),
    ...(json.artifacts === "trained" ? [] : Object.keys(json.artifacts)),
  ]);
