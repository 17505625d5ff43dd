import assert from "node:assert/strict";
import { test } from "node:test";

import { allocator, allocatorOfImage } from "./allocator.mjs";

test("npm start and the image tell the allocator the same", () => {
  assert.deepEqual(Object.keys(allocator), ["MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"]);
  assert.deepEqual(allocator, allocatorOfImage);
});
