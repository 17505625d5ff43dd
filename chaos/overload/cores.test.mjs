import assert from "node:assert/strict";
import { test } from "node:test";

import { coresIn, onCore } from "./cores.mjs";

test("cores are listed as the kernel lists them", () => {
  assert.deepEqual(coresIn("0-2,5"), [0, 1, 2, 5]);
  assert.deepEqual(coresIn("3"), [3]);
});

test("a server is started on its core, and is otherwise the same", () => {
  const entry = onCore(1, { id: "some", command: ({ port }) => ["serve", port] });
  assert.deepEqual(entry.command({ port: 8_080 }), ["taskset", "-c", 1, "serve", 8_080]);
  assert.equal(entry.id, "some");
});
