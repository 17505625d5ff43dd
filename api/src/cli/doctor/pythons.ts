import type { Python } from "../../supervise/ask-python";
import { findInstalledPython, findUvsPython } from "../../supervise/find-python";
import type { Uv } from "../../supervise/find-uv";
import { MINORS } from "../../supervise/minors";
import { machine } from "../tools";
import { type DoctorLine, missing, ok, warn } from "./doctor-line";
import type { Needs } from "./needs";

export async function examinePythons(needs: Needs, uv: Uv | undefined, canFetch: boolean): Promise<DoctorLine[]> {
  const minors = [...new Set([...MINORS, ...needs.pythons.keys()])];
  const lines: DoctorLine[] = [];
  for (const minor of minors) lines.push(lineOf(minor, await find(minor, uv), needs, canFetch && uv !== undefined));
  return lines;
}

async function find(minor: string, uv: Uv | undefined): Promise<Python | undefined> {
  return (await findInstalledPython(minor, machine())) ?? (uv && (await findUvsPython(uv.path, minor, machine())));
}

function lineOf(
  minor: string,
  python: Python | undefined,
  { pythons, selected }: Needs,
  canFetch: boolean,
): DoctorLine {
  const what = `Python ${minor}`;
  const bundles = pythons.get(minor) ?? [];
  const by = bundles.length === 0 ? "no bundle needs it" : `for ${bundles.join(", ")}`;
  if (python) return ok(what, `${python.version} at ${python.path} (${by})`);
  if (bundles.length === 0) return ok(what, `not here; ${by}`);
  if (canFetch)
    return warn(what, `not here (${by})`, `It will be fetched at the first start; or now: uv python install ${minor}`);
  const isSelected = bundles.some((name) => selected.has(name));
  const remedy = `pyenv install ${minor}, or uv python install ${minor}, or run docker compose up, which brings its own`;
  return (isSelected ? missing : warn)(what, `not here (${by})`, remedy);
}
