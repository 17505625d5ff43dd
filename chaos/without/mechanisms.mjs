// What can be switched off, to see its tests miss: a setting, or changes to a copy of the built code. A change is `[file, what stands
// there once, what is put in its place]`; one that does not find it ends the run, for then the code has moved and this table must
// follow. Each of `tests` must miss a goal by a figure that `misses` matches, as `what: value`: by any other it would show something
// else. Where it cannot but fail, `fails` matches what it says then.
import { callers } from "./callers.mjs";
import { operation } from "./operation.mjs";
import { sidecars } from "./sidecars.mjs";

export const mechanisms = { ...callers, ...sidecars, ...operation };
