import { basename } from "node:path";

import { readPickle } from "../pickle/read-pickle";
import type { Value } from "../pickle/value";
import { versionsIn } from "./estimators/versions";
import { foreignIn, librariesIn } from "./foreign";
import type { FileInspection } from "./inspection";
import { toThing } from "./thing";

export interface InspectOptions {
  /** Modules whose own code is given, and so is not foreign. */
  readonly code?: ReadonlySet<string>;
}

/** A file together with what stands in it, for those who join files. */
export interface OpenedFile {
  readonly inspection: FileInspection;
  readonly root: Value | undefined;
}

/** What is in a pickle, told without running it. */
export async function inspectFile(
  path: string,
  relative = basename(path),
  options: InspectOptions = {},
): Promise<FileInspection> {
  return (await openFile(path, relative, options)).inspection;
}

export async function openFile(path: string, relative: string, options: InspectOptions = {}): Promise<OpenedFile> {
  const code = options.code ?? new Set<string>();
  const { root, ...reading } = await readPickle(path, code);
  const thing = root === undefined ? undefined : toThing(root);
  const { isXgboostBefore1, lightgbmFormat, ...versions } = versionsIn(root);
  const inspection: FileInspection = {
    file: relative,
    ...reading,
    thing,
    versions: {
      ...versions,
      ...(isXgboostBefore1 && { isXgboostBefore1: true as const }),
      ...(lightgbmFormat !== undefined && { lightgbmFormat }),
      lightgbm: undefined,
      numpyMajor: numpyMajor(reading.globals),
    },
    libraries: librariesIn(reading.globals),
    foreign: foreignIn(reading.globals, reading.dangers, code),
  };
  return { inspection, root };
}

/** numpy 2 moved numpy.core to numpy._core. */
function numpyMajor(globals: readonly string[]): 1 | 2 | undefined {
  if (globals.some((name) => name.startsWith("numpy._core."))) return 2;
  return globals.some((name) => name.startsWith("numpy.core.")) ? 1 : undefined;
}
