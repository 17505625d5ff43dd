import { shellWord } from "../../printable";
import { codeFlag } from "../code-flag";
import { moduleOf, packageOf } from "../estimators/class-name";
import type { FolderInspection } from "../inspection";
import { isOwnCode } from "../known-packages";

/** What a person types next: with a file for every module of their own that the pickles of the first chain need. */
export function nextCommand(inspection: FolderInspection): string | undefined {
  const { folder, chains, code = [] } = inspection;
  if (chains.length === 0) return undefined;
  const flags = modulesNeeded(inspection).map((module) => ` ${codeFlag(module, { folder, files: code })}`);
  return `picklepod init ${shellWord(folder)}${flags.join("")}`;
}

function modulesNeeded({ files, chains: [first] }: FolderInspection): string[] {
  const used = new Set(
    first && [first.predictor, ...first.transformers, ...(first.select ? [first.select] : [])].map(({ file }) => file),
  );
  const globals = files.flatMap(({ file, foreign }) => (used.has(file) ? foreign.map(({ global }) => global) : []));
  return [...new Set(globals.filter((global) => isOwnCode(packageOf(global))).map(moduleOf))];
}
