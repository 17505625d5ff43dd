// The example bundle with a higher limit of rows in a call, pinned again: the same artifacts, byte for byte.
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { cache, readBundle, root } from "../places.mjs";

export const MAX_ROWS = 1_000_000;

export function copyBundle() {
  const folder = join(cache, "models/classification");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(cache, "models"), { recursive: true });
  cpSync(join(root, "models/classification"), folder, { recursive: true });
  appendFileSync(join(folder, "model.yaml"), `\nlimits: {rows: ${MAX_ROWS}}\n`);
  execFileSync(process.execPath, [join(root, "dist/cli/picklepod.js"), "pin", folder], {
    timeout: 120_000,
    stdio: "pipe",
  });
  return readBundle(folder);
}
