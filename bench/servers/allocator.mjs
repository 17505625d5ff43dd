// What `npm start` tells glibc's allocator: whoever starts Picklepod as a user does, tells it the same. Why: docs/operate.md.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const project = join(import.meta.dirname, "../..");
const settingsIn = (text) => Object.fromEntries([...text.matchAll(/\b(MALLOC_\w+)=(\d+)/g)].map(([, ...pair]) => pair));

export const allocator = settingsIn(JSON.parse(readFileSync(join(project, "package.json"), "utf8")).scripts.start);
export const allocatorOfImage = settingsIn(readFileSync(join(project, "compose/api.Dockerfile"), "utf8"));
