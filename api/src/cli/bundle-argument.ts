import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { bundleFolder } from "../bundle/read-bundles";
import { project } from "../project";

/**
 * A bundle as people name one. Where they stand comes first: a path, then a folder of the models/ there. A name that is
 * neither is that of a bundle in Picklepod's own models/.
 */
export function folderOf(word: string, modelsFolder: string = project.modelsFolder): string {
  const here = resolve(word);
  const candidates = [here, resolve("models", word), bundleFolder(word, modelsFolder)];
  const bundle = candidates.find((folder) => existsSync(join(folder, "model.yaml")));
  return bundle ?? candidates.find((folder) => existsSync(folder)) ?? here;
}
