import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../places.mjs";
import { allocator, settingsIn } from "./allocator.mjs";

test("npm start and the image tell the allocator the same", () => {
  assert.deepEqual(Object.keys(allocator), ["MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"]);
  assert.deepEqual(allocator, settingsIn(readFileSync(join(root, "compose/api.Dockerfile"), "utf8")));
});
