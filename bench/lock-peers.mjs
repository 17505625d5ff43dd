// npm run bench:lock [name…]: writes bench/peers/<name>.lock from <name>.txt, with all that computes at the versions of the bundle's
// own lock, so that each peer runs the very pickles; and bench/profile/py-spy.lock, which computes nothing.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findPython, findUv, peersFolder, profilerFolder, root } from "./places.mjs";

/** The rest of the bundle's lock (six, pytz, packaging) changes no answer, and peers may want it older. */
const COMPUTES = /^(joblib|numpy|pandas|patsy|scikit-learn|scipy|statsmodels)==\S+/gm;
const PYTHON = "3.9";

const namesIn = (folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".txt"))
    .map((file) => file.slice(0, -4));

const scratch = mkdtempSync(join(tmpdir(), "picklepod-lock-"));
try {
  const pins = join(scratch, "pins.txt");
  const bundleLock = readFileSync(join(root, "models/classification/requirements.lock"), "utf8");
  writeFileSync(pins, bundleLock.match(COMPUTES).join("\n"));
  const all = [
    ...namesIn(peersFolder).map((name) => ({ name, folder: peersFolder, others: [pins] })),
    ...namesIn(profilerFolder).map((name) => ({ name, folder: profilerFolder, others: [] })),
  ];
  const asked = process.argv.slice(2);
  for (const each of all.filter(({ name }) => asked.length === 0 || asked.includes(name))) await lock(each);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function lock({ name, folder, others }) {
  const options = ["-q", "--generate-hashes", "--only-binary", ":all:", "--no-header", "--no-annotate", "--no-config"];
  const [uv, python] = [await findUv(), await findPython(PYTHON)];
  const files = [...others, join(folder, `${name}.txt`)];
  execFileSync(uv, ["pip", "compile", ...options, "-p", python, "-o", join(folder, `${name}.lock`), ...files], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}
