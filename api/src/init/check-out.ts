import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";

import { pinnedSchema } from "../bundle/description";
import { ELSEWHERE, shownPath } from "./bundle-folder";
import { failed } from "./result";

/** @throws InitFailed where what is given is no folder */
export function checkSource(folder: string): void {
  const shown = shownPath(folder);
  if (!existsSync(folder))
    throw failed("usage", `There is no folder ${shown}.`, "Give the folder that the pickles are in.", folder);
  if (statSync(folder).isDirectory()) return;
  const [parent, file] = [shownPath(dirname(folder)), basename(folder)];
  throw failed(
    "usage",
    `${shown} is a file, not a folder.`,
    `Give its folder: picklepod init ${parent} --predictor ${file}`,
    folder,
  );
}

/** Nothing of a person's own is ever written over, with --force neither.
 * @throws InitFailed where something is there that is not to be replaced */
export function checkOut(out: string, force: boolean, source: string): void {
  const shown = shownPath(out);
  const [place, from] = [realPlace(out), realPlace(source)];
  if (isWithin(from, place)) {
    const how = place === from ? "is" : "holds";
    throw failed("usage", `${shown} ${how} the folder of the pickles: nothing there is changed.`, ELSEWHERE, out);
  }
  if (!existsSync(out)) return;
  if (!statSync(out).isDirectory()) throw failed("usage", `${shown} is a file.`, ELSEWHERE, out);
  if (readdirSync(out).length === 0) return;
  const own = filesOfBundle(out);
  if (own === undefined) throw failed("usage", `${shown} is there, and is no bundle.`, ELSEWHERE, out);
  if (!force)
    throw failed(
      "usage",
      `${shown} is there already.`,
      `${ELSEWHERE.slice(0, -1)}, or write over it with --force.`,
      out,
    );
  const foreign = filesIn(out).filter((file) => !isOwn(file, own));
  if (foreign.length === 0) return;
  const named = foreign.slice(0, 5).join(", ") + (foreign.length > 5 ? ` and ${foreign.length - 5} more` : "");
  throw failed(
    "usage",
    `${shown} holds what is not of a bundle, and --force would delete it: ${named}.`,
    `Move it elsewhere, or take another place with --out.`,
    out,
  );
}

/** Links followed, as far as there is something. */
function realPlace(path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync(absolute);
  const parent = dirname(absolute);
  if (existsSync(parent) && !statSync(parent).isDirectory())
    throw failed("usage", `${shownPath(parent)} is a file.`, ELSEWHERE, absolute);
  return parent === absolute ? absolute : join(realPlace(parent), basename(absolute));
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`));
}

const ALWAYS = ["model.yaml", "bundle.json", "requirements.txt", "requirements.lock", "row.json", "README.md"];

/** What a bundle consists of, as its bundle.json says; undefined where there is none. */
function filesOfBundle(folder: string): ReadonlySet<string> | undefined {
  if (!existsSync(join(folder, "model.yaml"))) return undefined;
  try {
    const pinned = pinnedSchema.parse(JSON.parse(readFileSync(join(folder, "bundle.json"), "utf8")));
    const code = Object.values(pinned.code ?? {}).map(({ file }) => file);
    return new Set([...ALWAYS, ...Object.keys(pinned.artifacts), pinned.lock.file, ...code]);
  } catch {
    return undefined;
  }
}

/** Samples are the bundle's, and so is what Python and file managers leave behind. */
const isOwn = (file: string, own: ReadonlySet<string>): boolean =>
  own.has(file) || /^samples\/[^/]+\.(json|npz)$|(^|\/)(__pycache__\/[^/]+\.pyc|\.DS_Store)$/.test(file);

function filesIn(folder: string, under = ""): string[] {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const file = under === "" ? entry.name : `${under}/${entry.name}`;
    return entry.isDirectory() ? filesIn(folder, file) : [file];
  });
}
