import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { openIn, openInNpm, pythonLocks, readLock, requirements } from "./locks.mjs";

const root = join(import.meta.dirname, "../..");
const hash = "ab".repeat(32);

test("a lock's lines are read with their hashes, which stand on lines of their own", () => {
  const text = `# a comment\nnumpy==1.19.1 \\\n    --hash=sha256:${hash} \\\n    --hash=sha256:${hash}\nray[serve,llm]==2.9\n`;
  assert.deepEqual(requirements(text), [
    { name: "numpy", version: "1.19.1", hashes: [hash, hash] },
    { name: "ray", version: "2.9", hashes: [] },
  ]);
});

test("what has no version, no hash, a hash that is cut short, or an address instead, is left open", () => {
  const good = `a==1 --hash=sha256:${hash}`;
  const bad = ["b==1", `c>=1 --hash=sha256:${hash}`, "d==1 --hash=sha256:abab", "-e ./e", "f @ file:///f.whl"];
  assert.deepEqual(openIn(requirements([good, ...bad].join("\n"))), [
    "b",
    `c>=1 --hash=sha256:${hash}`,
    "d",
    "-e ./e",
    "f @ file:///f.whl",
  ]);
});

test("a package of npm without a sha512 is left open; the project itself and a link need none", () => {
  const packages = {
    "": { version: "1" },
    "node_modules/a": { integrity: "sha512-x" },
    "node_modules/b": { version: "1" },
    "node_modules/c": { integrity: "sha1-x" },
    "node_modules/d": { link: true },
  };
  assert.deepEqual(openInNpm({ packages }), ["node_modules/b", "node_modules/c"]);
});

test("every lock of this project names the version and the bytes of all that it installs", () => {
  const locks = pythonLocks(root);
  const bundles = locks.filter(({ file }) => /^models\/.*\/requirements\.lock$/.test(file));
  const sidecars = locks.filter(({ file }) => /^sidecar\/locks\/sidecar-3\.\d+\.txt$/.test(file));
  assert.deepEqual([bundles.length >= 6, sidecars.length], [true, 7]);
  const open = locks.flatMap(({ file }) => openIn(readLock(root, file)).map((name) => `${file}: ${name}`));
  const npm = openInNpm(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  assert.deepEqual([...open, ...npm], []);
});

test("every lock is known for what it is for", () => {
  const purposes = Object.fromEntries(pythonLocks(root).map(({ file, purpose }) => [file, purpose]));
  const some = ["models/glm-fit/requirements.lock", "sidecar/locks/uv.txt", "sidecar/tests/locks/tools.txt"];
  const others = ["bench/peers/ray.lock", "scripts/supply/tools.lock"];
  assert.deepEqual(
    [...some, ...others].map((file) => purposes[file]),
    ["image", "image", "test", "benchmark", "tool"],
  );
});
