import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../..");
const NOT_OURS = /^(\.git|\.picklepod|node_modules|dist|dist\..*|coverage|sbom)$/;
const CODE = /(\.(ts|mjs|cjs|py|sh)|Dockerfile)$/;
const INSTALLS = { pip: /\bpip\b["', ]+(install|sync)\b/, npm: /\bnpm\b["', ]+(ci|install)\b|\["ci",/ };

/** What stands for a stranger's own doing, and is shipped nowhere. */
const STRANGERS = ["api/test/notebook.ts", "scripts/first-curl.sh", "sidecar/tests/honest/collect.py"];

function filesThat(installs, folder = "") {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.test(entry.name) ? [] : filesThat(installs, file);
    const isCode = entry.isFile() && CODE.test(file) && !/\.test\.(ts|mjs)$/.test(file);
    return isCode && installs.test(codeOf(file)) ? [file] : [];
  });
}

/** Without the lines that only speak of it. */
const codeOf = (file) =>
  readFileSync(join(root, file), "utf8")
    .split("\n")
    .filter((line) => !/^\s*(#|\/\/|\*|\/\*)/.test(line))
    .join("\n");

test("whatever installs a Python package asks for its hash", () => {
  const found = filesThat(INSTALLS.pip);
  for (const file of ["api/src/supervise/find-uv.ts", "compose/sidecar.Dockerfile", "sidecar/tests/run.py"]) {
    assert.ok(found.includes(file), `${file} installs, and was not seen to`);
  }
  const open = found.filter((file) => !/--require-hashes|PIP_REQUIRE_HASHES=1/.test(codeOf(file)));
  assert.deepEqual(open.toSorted(), STRANGERS);
});

test("whatever installs a package of npm takes the lock's, and runs no install script", () => {
  const found = filesThat(INSTALLS.npm);
  assert.deepEqual(found.toSorted(), ["compose/api.Dockerfile", "scripts/prepare.mjs"]);
  for (const file of found) {
    const lines = codeOf(file)
      .split("\n")
      .filter((line) => /\bnpm (ci|install)\b|\["ci",/.test(line) && !/run\(|doing:/.test(line));
    assert.deepEqual(
      lines.filter((line) => !line.includes("--ignore-scripts")),
      [],
    );
  }
});
