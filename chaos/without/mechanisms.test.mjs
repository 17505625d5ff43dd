import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { dist } from "../places.mjs";
import { table } from "../table.mjs";
import { mechanisms } from "./mechanisms.mjs";

const all = Object.entries(mechanisms);

test("each mechanism says by which figure its tests miss, and has tests that there are", () => {
  const ids = new Set(table.map(({ id }) => id));
  for (const [name, { misses, tests }] of all) {
    assert.ok(misses instanceof RegExp && !misses.test(""), name);
    assert.ok(tests.length > 0 && tests.every((id) => ids.has(id)), name);
  }
});

test("each change finds its text in the built code, once", { skip: !existsSync(join(dist, "main.js")) }, () => {
  for (const [name, { changes = [] }] of all)
    for (const [file, from] of changes)
      assert.equal(readFileSync(join(dist, file), "utf8").split(from).length - 1, 1, `${name}: ${file}: ${from}`);
});
