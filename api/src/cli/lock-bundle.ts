import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { readManifest } from "../bundle/read-manifest";
import { lockRequirements, readLock } from "../pin/lock";
import { folderOf } from "./bundle-argument";
import { print, printJson, say } from "./terminal";
import { createTools } from "./tools";

/** Locks a bundle's requirements. Its bundle.json is stale afterwards, where the lock is another one. */
export async function lockBundle(word: string, upgrade: boolean, json: boolean): Promise<void> {
  const folder = folderOf(word);
  const manifest = readManifest(join(folder, "model.yaml"));
  const file = join(folder, manifest.environment.lock);
  const { uv } = createTools();
  const before = existsSync(file) ? readLock(folder, manifest.environment.lock) : undefined;
  say(`Resolving ${join(folder, "requirements.txt")} for Python ${manifest.environment.python}`);
  const lockIt = (): Promise<boolean> => lockRequirements(folder, manifest, uv);
  const anew =
    upgrade && existsSync(join(folder, "requirements.txt")) ? await withoutPresent(file, lockIt) : await lockIt();
  const { packages, sha256 } = readLock(folder, manifest.environment.lock);
  const changed = changesBetween(before?.packages ?? {}, packages);
  if (json) printJson({ ok: true, file, anew, sha256, packages, changed });
  else print([...changed, summary(file, Object.keys(packages).length, anew)].join("\n"));
  if (before !== undefined && before.sha256 !== sha256) say(`Now pin it again: picklepod pin ${word}`);
}

/** uv keeps to the versions of a lock that is there. One that could not be made anew is put back. */
async function withoutPresent<T>(file: string, work: () => Promise<T>): Promise<T> {
  if (!existsSync(file)) return work();
  const aside = `${file}.before`;
  await rename(file, aside);
  try {
    const done = await work();
    await rm(aside);
    return done;
  } catch (error) {
    await rename(aside, file);
    throw error;
  }
}

const summary = (file: string, count: number, anew: boolean): string =>
  anew ? `Wrote ${file}: ${count} packages` : `${file} is that of requirements.txt already: ${count} packages`;

type Packages = Readonly<Record<string, string>>;

function changesBetween(before: Packages, now: Packages): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  return names.flatMap((name) => {
    const [was, is] = [before[name], now[name]];
    if (was === is) return [];
    if (was === undefined) return [`+ ${name} ${is ?? ""}`];
    return is === undefined ? [`- ${name} ${was}`] : [`  ${name} ${was} → ${is}`];
  });
}
