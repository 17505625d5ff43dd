import { shellWord } from "../printable";

/** Where the files of a module may be. */
export interface OwnCode {
  /** As a person would type it. */
  readonly folder: string;
  /** Its Python files, relative to it. */
  readonly files: readonly string[];
}

/** `--code module=FILE`: the module's own file where the folder has it; else as it would be called. */
export const codeFlag = (module: string, own: OwnCode | undefined): string =>
  `--code ${shellWord(`${module}=${fileOf(module, own)}`)}`;

function fileOf(module: string, own: OwnCode | undefined): string {
  if (module === "__main__") return "notebook.py";
  const path = module.split(".").join("/");
  const endings = [`${path}.py`, `${path}/__init__.py`];
  const there = own?.files.find((file) => endings.some((ending) => file === ending || file.endsWith(`/${ending}`)));
  return own === undefined || there === undefined ? `${path}.py` : `${own.folder.replace(/\/$/, "")}/${there}`;
}
