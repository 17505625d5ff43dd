// Where the chaos tests find what they test, and where they keep what they make.
import { createRequire } from "node:module";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");
/** What `npm run build` makes of the sources. */
export const dist = join(root, "dist");
/** Copies of it, one for each mechanism that is switched off: in Picklepod's folder, since its code looks above itself for that. */
export const copies = join(root, "dist.chaos");
/** Bundles and loads: all can be deleted, and is made again. */
export const cache = join(root, ".picklepod/chaos");
/** Proofs, apart from those of whoever serves from this folder. */
export const stateFolder = join(cache, "state");
export const loadClient = join(root, "chaos/load/client.mjs");

const require = createRequire(import.meta.url);
export const built = (module) => require(join(dist, module));
