import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { bundleFolder } from "../bundle/read-bundles";
import { project } from "../project";
import { UsageError } from "./usage-error";

/**
 * A bundle as people name one. Where they stand comes first: a path, then a folder of the models/ there. A name that is
 * neither is that of a bundle in Picklepod's own models/.
 * @throws UsageError where it is nowhere
 */
export function folderOf(word: string, modelsFolder: string = project.modelsFolder): string {
  const candidates = [resolve(word), resolve("models", word), bundleFolder(word, modelsFolder)];
  const bundle = candidates.find((folder) => existsSync(join(folder, "model.yaml")));
  const found = bundle ?? candidates.find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  throw new UsageError(
    `${word}: there is no such folder, here or in models/. \`picklepod init\` makes a bundle of pickles`,
  );
}
