import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { project } from "../project";
import { verbsOfBundles } from "./verbs";

type Done = (completions: string[]) => void;
type Usual = (onCompleted?: (error: Error | null, completions: string[] | undefined) => void) => void;

/** Where a bundle is expected, those of models/; elsewhere what yargs knows: verbs and options. */
export function completeBundles(current: string, argv: unknown, usual: Usual, done: Done): void {
  const [, verb] = (argv as { _: string[] })._;
  if (verb === undefined || !verbsOfBundles.includes(verb) || current.startsWith("-")) {
    usual();
    return;
  }
  done(bundleNames().filter((name) => name.startsWith(current)));
}

export const bundleNames = (): string[] =>
  readdirSync(project.modelsFolder).filter((name) => existsSync(join(project.modelsFolder, name, "model.yaml")));
