import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { bundleFolder } from "../bundle/read-bundles";
import { project } from "../project";

/** A bundle as people name one: a folder of models/, a path, or a folder that lies where they stand, in their models/ too. */
export function folderOf(word: string): string {
  const named = bundleFolder(word, project.modelsFolder);
  const candidates = [named, resolve(word), resolve("models", word)];
  return candidates.find((folder) => existsSync(join(folder, "model.yaml"))) ?? named;
}
