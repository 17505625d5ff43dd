import type { Danger } from "../pickle/reading";
import { shellWord } from "../printable";
import { moduleOf, packageOf } from "./estimators/class-name";
import type { FileInspection } from "./inspection";
import { isOtherLibrary, isOwnCode, isServed } from "./known-packages";

type Foreign = FileInspection["foreign"];

/** Globals of somebody's own code, and of libraries that the gate does not know, each with what to provide. */
export function foreignIn(globals: readonly string[], dangers: readonly Danger[], code: ReadonlySet<string>): Foreign {
  const refused = new Set(dangers.flatMap(({ code: why, global }) => (why === "unknown-global" ? (global ?? []) : [])));
  return globals.flatMap((global) => {
    const own = packageOf(global);
    if (code.has(moduleOf(global))) return [];
    if (isOwnCode(own)) return [{ global, remedy: ownRemedy(global) }];
    return isOtherLibrary(own) && refused.has(global) ? [{ global, remedy: libraryRemedy(global) }] : [];
  });
}

function ownRemedy(global: string): string {
  const module = moduleOf(global);
  return module === "__main__"
    ? `Give the script or notebook that defines it: --code notebook.py`
    : `Give the module that defines it: --code ${shellWord(`${module}=${module.split(".").join("/")}.py`)}`;
}

const libraryRemedy = (global: string): string =>
  `${packageOf(global)} is a library that Picklepod does not load from pickles: save the model without it, or leave this file out`;

/** Libraries beside those that are served with every model. */
export function librariesIn(globals: readonly string[]): string[] {
  const packages = new Set(globals.map(packageOf));
  return [...packages].filter((name) => isServed(name) || isOtherLibrary(name)).sort();
}
