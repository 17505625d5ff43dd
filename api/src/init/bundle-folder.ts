import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";

import { type EnvironmentPlan, requirementsText } from "./environment/plan-environment";
import type { PlannedArtifact, PlannedCode } from "./plan/plan";
import { failed } from "./result";

/** A folder's name as a bundle may be called. */
export function slugOf(folder: string): string {
  const slug = basename(resolve(folder)).normalize("NFKD")
    .replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, ""); // prettier-ignore
  return slug === "" ? "model" : slug;
}

const workshopOf = (out: string): string => join(dirname(out), `.${basename(out)}.making-${process.pid}`);

/** Made beside its place: what stands there in the end is whole. */
export function makeWorkshop(out: string): string {
  const workshop = workshopOf(out);
  removeWorkshop(out);
  try {
    mkdirSync(join(workshop, "samples"), { recursive: true });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["EACCES", "EPERM", "EROFS"].includes(code)) throw error;
    throw failed("usage", `${shownPath(dirname(out))} cannot be written to.`, "Take another place with --out.", out);
  }
  return workshop;
}

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
  writeFileSync(join(folder, "requirements.txt"), requirementsText(plan));
}

/** As it is best written from here. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near === "" || near.startsWith("..") || isAbsolute(near) ? path : near;
}
