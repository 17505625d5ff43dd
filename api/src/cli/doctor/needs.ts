import { basename } from "node:path";

import { BundleError } from "../../bundle/finding";
import { type Bundle, readBundles } from "../../bundle/read-bundles";
import { readManifest } from "../../bundle/read-manifest";
import { project } from "../../project";
import type { Settings } from "../../settings";
import { bundleNames } from "../completion";

/** What this machine is to serve: the bundles of models/, and those that MODELS names beside them. */
export interface Needs {
  /** By major.minor: the bundles that run on it. */
  readonly pythons: ReadonlyMap<string, readonly string[]>;
  readonly bundles: readonly Bundle[];
  /** Those of MODELS: what they lack is missing, not only missed. */
  readonly selected: ReadonlySet<string>;
}

export function readNeeds({ MODELS }: Settings): Needs {
  const words = MODELS.split(",").map((word) => word.trim()).filter(Boolean); // prettier-ignore
  const chosen = readBundles(words, project.modelsFolder);
  const every = readBundles([...new Set([...words, ...bundleNames()])], project.modelsFolder);
  const pythons = new Map<string, string[]>();
  for (const { name, manifest } of every.bundles) add(pythons, manifest.environment.python, name);
  for (const name of every.refused.keys()) {
    const python = pythonOf(name);
    if (python !== undefined) add(pythons, python, name);
  }
  return {
    pythons,
    bundles: every.bundles,
    selected: new Set([...chosen.bundles.map(({ name }) => name), ...chosen.refused.keys()]),
  };
}

const add = (pythons: Map<string, string[]>, python: string, name: string): unknown =>
  pythons.set(python, [...(pythons.get(python) ?? []), name]);

/** A bundle that is not pinned yet needs its Python for just that. */
function pythonOf(name: string): string | undefined {
  try {
    return readManifest(`${project.modelsFolder}/${basename(name)}/model.yaml`).environment.python;
  } catch (error) {
    if (error instanceof BundleError) return undefined;
    throw error;
  }
}
