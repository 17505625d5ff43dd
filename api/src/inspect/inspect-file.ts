import { basename } from "node:path";

import type { Danger } from "../pickle/reading";
import { readPickle } from "../pickle/read-pickle";
import type { Value } from "../pickle/value";
import { versionsIn } from "./estimators/versions";
import { foreignIn, librariesIn } from "./foreign";
import type { FileInspection, InspectOptions } from "./inspection";
import { toThing } from "./thing";

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
  const { root, isDamaged, ...reading } = await readPickle(path, code);
  const thing = root === undefined ? undefined : toThing(root);
  const { isXgboostBefore1, lightgbmFormat, texts, ...versions } = versionsIn(root);
  const read = isDamaged ? [] : reading.dangers; // its note says what to do: it is no attack
  const inspection: FileInspection = {
    file: relative,
    ...reading,
    dangers: [...read, ...[...texts.hostile].map(hostileVersion)],
    thing,
    versions: {
      ...versions,
      ...(isXgboostBefore1 && { isXgboostBefore1: true as const }),
      ...(lightgbmFormat !== undefined && { lightgbmFormat }),
      ...(texts.none.size > 0 && { none: [...texts.none] }),
      lightgbm: undefined,
      numpyMajor: numpyMajor(reading.globals),
    },
    libraries: librariesIn(reading.globals),
    foreign: foreignIn(reading.globals, reading.dangers, options),
  };
  return { inspection, root };
}

const hostileVersion = (text: string): Danger => ({
  code: "arguments",
  what: `In the place of a library's version it says "${text}", which is none: what installs that version would be misled.`,
  offset: 0,
});

/** numpy 2 moved numpy.core to numpy._core. */
function numpyMajor(globals: readonly string[]): 1 | 2 | undefined {
  if (globals.some((name) => name.startsWith("numpy._core."))) return 2;
  return globals.some((name) => name.startsWith("numpy.core.")) ? 1 : undefined;
}
