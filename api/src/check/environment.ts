import { readdirSync } from "node:fs";
import { basename, join } from "node:path";

import type { Bundle } from "../bundle/read-bundles";
import { CannotPrepare } from "../supervise/cannot-prepare";
import type { Environment } from "../supervise/environments";
import { type CheckStep, found, outcome } from "./check-result";

/** Makes the bundle's environment, as serving does, and compares what is in it with the lock. */
export async function environmentStep(
  { name, folder, json: { python, lock } }: Bundle,
  prepare: () => Promise<Environment>,
): Promise<CheckStep> {
  try {
    const environment = await prepare();
    const installed = installedPackages(environment, python);
    const wrong = Object.entries(lock.packages).filter(
      ([wanted, version]) => installed.get(wanted) !== normal(version),
    );
    const findings = wrong.map(([wanted, version]) => ({
      file: join(folder, lock.file),
      message: `says ${wanted} ${version}, the environment has ${installed.get(wanted) ?? "none"}`,
      remedy: `Remove ${environment.folder}: it will be made anew`,
    }));
    return outcome(
      "environment",
      findings,
      `Python ${python}, ${Object.keys(lock.packages).length} packages as locked`,
    );
  } catch (error) {
    if (!(error instanceof CannotPrepare)) throw error;
    return found("environment", [{ file: name, message: error.problem, remedy: error.remedy, lacking: true }]);
  }
}

/** By the names of their folders, as the sidecar reads them. */
function installedPackages({ folder }: Environment, python: string): Map<string, string> {
  const packages = readdirSync(join(folder, "lib", `python${python}`, "site-packages"));
  const named = packages.map((entry) => /^(.+?)-([^-]+)(?:-py[\d.]+)?\.(?:dist|egg)-info$/.exec(basename(entry)));
  return new Map(
    named.flatMap((match) => {
      if (match === null) return [];
      const [, name = "", version = ""] = match;
      return [[name.toLowerCase().replaceAll(/[._-]+/g, "-"), normal(version)] as const];
    }),
  );
}

/** 1.2 and 1.2.0 are one version. */
const normal = (version: string): string => version.toLowerCase().replace(/(\.0)+$/, "");
