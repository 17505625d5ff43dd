import { readFile } from "node:fs/promises";

import type { FolderInspection } from "../inspection";
import type { WalkedFile } from "./walk";

type Requirement = FolderInspection["requirements"][number];

export interface Required {
  readonly requirements: readonly Requirement[];
  readonly python: FolderInspection["python"];
}

/** What the folder's own files ask for, nearest the top first. */
export async function readRequired(files: readonly WalkedFile[]): Promise<Required> {
  const requirements: Requirement[] = [];
  let python: Required["python"];
  for (const { relative, path } of files) {
    const name = relative.slice(relative.lastIndexOf("/") + 1).toLowerCase();
    if (name.endsWith(".json")) continue;
    const text = toText(await readFile(path));
    requirements.push(...requirementsIn(text, name).map((found) => ({ file: relative, ...found })));
    const version = pythonIn(text, name);
    if (version !== undefined) python ??= { file: relative, version };
  }
  return { requirements, python };
}

/** UTF-16 is what PowerShell's > makes of pip freeze. */
export function toText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString("utf16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length & ~1))
      .swap16()
      .toString("utf16le");
  if (bytes.length > 3 && bytes[1] === 0 && bytes[3] === 0) return bytes.toString("utf16le");
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}

type Found = Omit<Requirement, "file">;

const canonical = (name: string): string => name.toLowerCase().replaceAll(/[._-]+/g, "-");
const found = (name: string, spec: string): Found => ({ name: canonical(name), spec: spec.replaceAll(/\s+/g, "") });

function requirementsIn(text: string, name: string): Found[] {
  if (/\.ya?ml$/.test(name)) return inConda(text);
  if (name === "pipfile") return inPipfile(text);
  if (name === "pyproject.toml" || name === "setup.py") return inQuotes(text);
  return name.startsWith("requirements") ? inLines(text) : [];
}

/** `name==1.2`, `name[extra]>=1 ; marker`, `name @ file:///…` (conda's builds), and columns of `conda list`. */
function inLines(text: string): Found[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const plain = line
      .replace(/(^|\s)#.*/, "")
      .replace(/;.*/, "")
      .replace(/\s+--hash.*|\\$/g, "")
      .trim();
    const [, name, spec] = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(.*)$/.exec(plain) ?? [];
    if (name === undefined || spec === undefined) return [];
    if (spec === "" || /^[=<>!~(]/.test(spec)) return inCondaExport(name, spec);
    if (spec.startsWith("@")) return [found(name, "")];
    const listed = /^(\d\S*)(?:\s+\S+){0,2}$/.exec(spec); // conda list: name version build channel
    return listed?.[1] === undefined ? [] : [found(name, `==${listed[1]}`)];
  });
}

/** conda list --export: `name=1.2=build`; everything else is pip's. */
function inCondaExport(name: string, spec: string): Found[] {
  const [, version] = /^=([^=\s]+)(?:=\S+)?$/.exec(spec) ?? [];
  return [found(name, version === undefined ? spec.replace(/^\((.*)\)$/, "$1") : `==${version}`)];
}

/** Channels stand above the dependencies; Python and pip are no packages of the model. */
function inConda(text: string): Found[] {
  const listed = text.slice(Math.max(0, text.search(/^dependencies:/m)));
  const lines = listed.matchAll(/^\s*-\s+"?'?(?:[\w-]+::)?([A-Za-z0-9][\w.-]*)\s*([=<>!~][^"'#\n]*)?["']?\s*$/gm);
  return [...lines]
    .filter(([, name]) => name !== "python" && name !== "pip")
    .flatMap(([, name = "", spec = ""]) => inCondaExport(name, spec.trim()));
}

function inPipfile(text: string): Found[] {
  const packages = /\[packages\]([^[]*)/.exec(text)?.[1] ?? "";
  return [...packages.matchAll(/^"?([A-Za-z0-9][\w.-]*)"?\s*=\s*"([^"]*)"/gm)].map(([, name = "", spec = ""]) =>
    found(name, spec === "*" ? "" : spec),
  );
}

/** The texts in pyproject.toml's and setup.py's lists; Poetry's `name = "^1.2"` as well. */
function inQuotes(text: string): Found[] {
  const lists = [...text.matchAll(/(?:dependencies|install_requires)\s*=\s*\[([^\]]*)\]/g)].map(
    ([, list = ""]) => list,
  );
  const listed = lists.flatMap((list) =>
    [...list.matchAll(/["']([^"']+)["']/g)].flatMap(([, one = ""]) => inLines(one)),
  );
  const poetry = /\[tool\.poetry\.dependencies\]([^[]*)/.exec(text)?.[1] ?? "";
  const named = [...poetry.matchAll(/^([A-Za-z0-9][\w.-]*)\s*=\s*"([^"]*)"/gm)].map(([, name = "", spec = ""]) =>
    found(name, spec),
  );
  return [...listed, ...named.filter(({ name }) => name !== "python")];
}

function pythonIn(text: string, name: string): string | undefined {
  if (name === "runtime.txt" || name.endsWith("python-version")) return /(\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1];
  if (name === "pipfile") return /python_(?:full_)?version\s*=\s*"([\d.]+)"/.exec(text)?.[1];
  if (/\.ya?ml$/.test(name)) return /^\s*-\s+python\s*=+\s*(\d+\.\d+(?:\.\d+)?)/m.exec(text)?.[1];
  return undefined;
}
