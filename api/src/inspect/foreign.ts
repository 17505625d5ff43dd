import type { Danger } from "../pickle/reading";
import { codeFlag, type OwnCode } from "./code-flag";
import { moduleOf, packageOf } from "./estimators/class-name";
import type { FileInspection, InspectOptions } from "./inspection";
import { isOtherLibrary, isOwnCode, isServed } from "./known-packages";

const noCode: ReadonlySet<string> = new Set();

type Foreign = FileInspection["foreign"];

/** Globals of somebody's own code, and of libraries that the gate does not know, each with what to provide. */
export function foreignIn(
  globals: readonly string[],
  dangers: readonly Danger[],
  { code = noCode, own: files }: InspectOptions,
): Foreign {
  const refused = new Set(dangers.flatMap(({ code: why, global }) => (why === "unknown-global" ? (global ?? []) : [])));
  return globals.flatMap((global) => {
    const own = packageOf(global);
    if (code.has(moduleOf(global))) return [];
    if (isOwnCode(own)) return [{ global, remedy: ownRemedy(global, files) }];
    return isOtherLibrary(own) && refused.has(global) ? [{ global, remedy: libraryRemedy(global) }] : [];
  });
}

function ownRemedy(global: string, files: OwnCode | undefined): string {
  const module = moduleOf(global);
  const what = module === "__main__" ? "script or notebook" : "module";
  return `Give the ${what} that defines it: ${codeFlag(module, files)}`;
}

const libraryRemedy = (global: string): string =>
  `${packageOf(global)} is a library that Picklepod does not load from pickles: save the model without it, or leave this file out`;

/** Libraries beside those that are served with every model. */
export function librariesIn(globals: readonly string[]): string[] {
  const packages = new Set(globals.map(packageOf));
  return [...packages].filter((name) => isServed(name) || isOtherLibrary(name)).sort();
}
