import { copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";

import { makeFolder } from "../make-folder";
import type { EnvironmentPlan } from "./environment/plan-environment";
import { requirementsText } from "./environment/requirements-text";
import type { PlannedArtifact, PlannedCode } from "./plan/plan";
import { failed } from "./result";

/** A folder's name as a bundle may be called. */
export function slugOf(folder: string): string {
  const slug = basename(resolve(folder)).normalize("NFKD")
    .replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, ""); // prettier-ignore
  return slug === "" ? "model" : slug;
}

const workshopOf = (out: string): string => join(dirname(out), `.${basename(out)}.making-${process.pid}`);

/** Made beside its place: what stands there in the end is whole.
 * @throws InitFailed where nothing can be made there */
export function makeWorkshop(out: string): string {
  const workshop = workshopOf(out);
  removeWorkshop(out);
  try {
    makeFolder(join(workshop, "samples"));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const shown = shownPath(dirname(out));
    if (code === "ENOSPC" || code === "EDQUOT")
      throw failed("environment", `There is no room left at ${shown}.`, `Make some. ${ELSEWHERE}`, out);
    const why = reasons[code] ?? message;
    throw failed("usage", `No folder can be made in ${shown}: ${why}.`, ELSEWHERE, out);
  }
  return workshop;
}

export const ELSEWHERE = "Take another place with --out.";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "the file system allows none",
  EROFS: "it is read-only",
  ENOENT: "the file system allows none",
  ENOTDIR: "a file stands in the way",
  ENAMETOOLONG: "the name is too long",
};

export function removeWorkshop(out: string): void {
  const workshop = workshopOf(out);
  if (existsSync(workshop)) rmSync(workshop, { recursive: true, force: true });
}

/** What was there is deleted only once the new stands in its place. */
export function publish(workshop: string, out: string): void {
  const old = join(dirname(out), `.${basename(out)}.old-${process.pid}`);
  const isThere = existsSync(out);
  if (isThere) renameSync(out, old);
  try {
    renameSync(workshop, out);
  } catch (error) {
    if (isThere) renameSync(old, out);
    throw error;
  }
  if (isThere) rmSync(old, { recursive: true, force: true });
}

export function copyArtifacts(folder: string, files: readonly (PlannedArtifact | PlannedCode)[]): void {
  for (const { source, file } of files) copyFileSync(source, join(folder, file));
}

export function writeRequirements(folder: string, plan: EnvironmentPlan): void {
  rmSync(join(folder, "requirements.lock"), { force: true });
  writeFileSync(join(folder, "requirements.txt"), requirementsText(plan.requirements));
}

/** As it is best written from here. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near === "" || near.startsWith("..") || isAbsolute(near) ? path : near;
}
