import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { bundleFolder } from "../bundle/read-bundles";

const LOOK_EVERY_MS = 500;

/**
 * Looks at the folders of bundles again and again, since what the system tells of changes is lost where a folder is
 * replaced. A change is told once it has come to rest: whoever writes a bundle writes several files.
 */
export function watchFolders(
  selection: readonly string[],
  modelsFolder: string,
  onChange: () => void,
  everyMs = LOOK_EVERY_MS,
): () => void {
  let told: string | undefined;
  let last: string | undefined;
  const look = async (): Promise<void> => {
    const seen = await stateOf(selection, modelsFolder);
    told ??= seen;
    if (seen !== told && seen === last) {
      told = seen;
      onChange();
    }
    last = seen;
  };
  const timer = setInterval(() => void look(), everyMs).unref();
  void look();
  return () => {
    clearInterval(timer);
  };
}

async function stateOf(selection: readonly string[], modelsFolder: string): Promise<string> {
  const folders = await Promise.all(
    selection.map(async (word) => {
      if (word !== "all") return [bundleFolder(word, modelsFolder)];
      return (await readdir(modelsFolder).catch(() => [])).map((name) => join(modelsFolder, name));
    }),
  );
  const files = await Promise.all(
    folders.flat().map(async (folder) => [...(await filesIn(folder)), ...(await filesIn(join(folder, "samples")))]),
  );
  return files.flat().join("\n");
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const seen = await stat(path).catch(() => undefined);
      return seen?.isFile() === true ? `${path} ${seen.ino} ${seen.size} ${seen.mtimeMs}` : path;
    }),
  );
}
