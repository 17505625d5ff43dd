import { shellWord } from "../../printable";
import { moduleOf, packageOf } from "../estimators/class-name";
import type { FolderInspection } from "../inspection";
import { isOwnCode } from "../known-packages";

/** What a person types next: with a file for every module of their own that the pickles of the first chain need. */
export function nextCommand(inspection: FolderInspection): string | undefined {
  const { folder, chains } = inspection;
  if (chains.length === 0) return undefined;
  const flags = modulesNeeded(inspection).map(
    (module) => ` --code ${shellWord(`${module}=${fileOf(module, inspection)}`)}`,
  );
  return `picklepod init ${shellWord(folder)}${flags.join("")}`;
}

function modulesNeeded({ files, chains: [first] }: FolderInspection): string[] {
  const used = new Set(
    first && [first.predictor, ...first.transformers, ...(first.select ? [first.select] : [])].map(({ file }) => file),
  );
  const globals = files.flatMap(({ file, foreign }) => (used.has(file) ? foreign.map(({ global }) => global) : []));
  return [...new Set(globals.filter((global) => isOwnCode(packageOf(global))).map(moduleOf))];
}

/** The module's own file where the folder has it; else as it would be called. */
function fileOf(module: string, { folder, code = [] }: FolderInspection): string {
  if (module === "__main__") return "notebook.py";
  const path = module.split(".").join("/");
  const endings = [`${path}.py`, `${path}/__init__.py`];
  const own = code.find((file) => endings.some((ending) => file === ending || file.endsWith(`/${ending}`)));
  return own === undefined ? `${path}.py` : `${folder.replace(/\/$/, "")}/${own}`;
}
