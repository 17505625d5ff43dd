import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
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

/** @throws InitFailed where something is there that is not to be written over */
export function checkOut(out: string, force: boolean): void {
  if (!existsSync(out) || readdirSync(out).length === 0) return;
  const isBundle = existsSync(join(out, "model.yaml"));
  if (!isBundle)
    throw failed("usage", `${shownPath(out)} is there, and is no bundle.`, "Take another place with --out.", out);
  if (!force)
    throw failed(
      "usage",
      `${shownPath(out)} is there already.`,
      "Take another place with --out, or write over it with --force.",
      out,
    );
}

const workshopOf = (out: string): string => join(dirname(out), `.${basename(out)}.making-${process.pid}`);

/** Made beside its place: what stands there in the end is whole. */
export function makeWorkshop(out: string): string {
  const workshop = workshopOf(out);
  removeWorkshop(out);
  mkdirSync(join(workshop, "samples"), { recursive: true });
  return workshop;
}

export function removeWorkshop(out: string): void {
  rmSync(workshopOf(out), { recursive: true, force: true });
}

export function publish(workshop: string, out: string): void {
  rmSync(out, { recursive: true, force: true });
  renameSync(workshop, out);
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
