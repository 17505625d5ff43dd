import { existsSync } from "node:fs";
import { basename } from "node:path";

import type { FolderInspection } from "../../inspect/inspection";
import type { Answers } from "../answers";
import { freeName } from "../plan/plan-artifacts";
import type { PlannedCode } from "../plan/plan";
import { failed } from "../result";

/** Which module of the pickles each file of code stands for. A file that says no module is for what is still open. */
export function planCode(given: Answers["code"], { files }: Pick<FolderInspection, "files">): PlannedCode[] {
  const foreign = new Set(files.flatMap(({ foreign }) => foreign.map(({ global }) => moduleOf(global))));
  const planned: PlannedCode[] = [];
  const add = (module: string, source: string): void => {
    const known = planned.find((one) => one.source === source)?.file;
    const file = known ?? freeName([pythonName(source)], new Set(planned.map((one) => one.file)));
    planned.push({ module, file, source });
  };
  for (const { module, file } of given) {
    if (!existsSync(file)) throw failed("usage", `--code ${file}: there is no such file.`, "Give a Python file.", file);
    if (module !== undefined) add(module, file);
  }
  for (const { file } of given.filter(({ module }) => module === undefined)) {
    const open = [...foreign].filter((module) => planned.every((one) => one.module !== module));
    const own = open.filter((module) => module.split(".").at(-1) === basename(file, ".py"));
    const modules = own.length > 0 ? own : open;
    for (const module of modules.length > 0 ? modules : ["__main__"]) add(module, file);
  }
  return planned;
}

const moduleOf = (global: string): string => global.split(".").slice(0, -1).join(".");

const pythonName = (source: string): string =>
  `${
    basename(source)
      .replace(/\.py$/i, "")
      .replaceAll(/[^A-Za-z0-9_]+/g, "_")
      .replace(/^_+/, "") || "code"
  }.py`;
