// What `npm start` tells glibc's allocator: whoever starts Picklepod as a user does, tells it the same. Why: docs/operate.md.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../places.mjs";

export const settingsIn = (text) =>
  Object.fromEntries([...text.matchAll(/\b(MALLOC_\w+)=(\d+)/g)].map(([, ...pair]) => pair));

export const allocator = settingsIn(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts.start);
