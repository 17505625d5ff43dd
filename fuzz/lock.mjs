// npm run fuzz:lock: writes fuzz/<name>.lock from fuzz/<name>.txt, with a hash for every file.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { findPython, findUv, fuzzFolder, PYTHON } from "./places.mjs";

const [uv, python] = [await findUv(), await findPython(PYTHON)];
const options = ["-q", "--generate-hashes", "--only-binary", ":all:", "--no-header", "--no-annotate", "--no-config"];
for (const file of readdirSync(fuzzFolder).filter((name) => name.endsWith(".txt"))) {
  const lock = join(fuzzFolder, file.replace(/\.txt$/, ".lock"));
  const args = ["pip", "compile", ...options, "-p", python, "-o", lock, join(fuzzFolder, file)];
  execFileSync(uv, args, { stdio: ["ignore", "ignore", "inherit"] });
}
