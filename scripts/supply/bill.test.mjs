import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { addBase, baseOf, billOfApi } from "./bill.mjs";

const root = join(import.meta.dirname, "../..");
const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

test("the API's bill names each package that is shipped with its sha512, and none that only tests need", () => {
  const { components, metadata } = billOfApi(root);
  const names = new Set(components.map(({ name }) => name));
  assert.deepEqual(
    Object.keys(dependencies).filter((name) => !names.has(name)),
    [],
  );
  assert.deepEqual(
    ["jest", "eslint", "typescript"].filter((name) => name in devDependencies && names.has(name)),
    [],
  );
  assert.deepEqual(
    components.filter(({ hashes }) => hashes?.[0].alg !== "SHA-512").map(({ name }) => name),
    [],
  );
  assert.equal(metadata.component.name, "picklepod-api");
});

test("an image's base is that of its last stage, with the bundle's own Python in it", () => {
  const [api, sidecar] = ["api", "sidecar"].map((name) =>
    readFileSync(join(root, `compose/${name}.Dockerfile`), "utf8"),
  );
  assert.equal(baseOf(api, {}), "node:24-bookworm-slim");
  assert.equal(baseOf(sidecar, { PYTHON: "3.7" }), "python:3.7-slim-bookworm");
  assert.equal(baseOf(sidecar, {}), "python:3.9-slim-bookworm");
  const staged = "ARG A=1\nFROM one AS first\nFROM --platform=linux/amd64 two:${A}-$B\n";
  assert.equal(baseOf(staged, { B: "x" }), "two:1-x");
});

test("base and what was found in it are components beside the others", () => {
  const found = { name: "libc6", version: "2.36", purl: "pkg:deb/debian/libc6@2.36?arch=amd64" };
  const { components } = addBase({ components: [{ name: "express" }] }, "node:24-slim", [found]);
  assert.deepEqual(components, [
    { name: "express" },
    {
      type: "container",
      "bom-ref": "pkg:docker/node@24-slim",
      name: "node",
      version: "24-slim",
      purl: "pkg:docker/node@24-slim",
    },
    { type: "library", "bom-ref": found.purl, ...found },
  ]);
});
