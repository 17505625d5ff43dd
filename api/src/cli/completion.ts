import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { CONTROL_SCOPES } from "../access/keys/scopes";
import { project } from "../project";
import { verbsOfBundles } from "./verbs";

type Done = (completions: string[]) => void;
type Usual = (onCompleted?: (error: Error | null, completions: string[] | undefined) => void) => void;

/** Where a bundle is expected, those of models/; where a scope is, what there is; elsewhere what yargs knows: verbs and options. */
export function completeBundles(current: string, argv: unknown, usual: Usual, done: Done): void {
  const { _: words, scope } = argv as { _: string[]; scope?: string | string[] };
  const [, verb] = words;
  if (verb === "key" && [scope].flat().at(-1) === current) {
    done(scopesLike(current));
    return;
  }
  if (verb === undefined || !verbsOfBundles.includes(verb) || current.startsWith("-")) {
    usual();
    return;
  }
  done(bundleNames().filter((name) => name.startsWith(current)));
}

/**
 * But for `*`, which a shell would take for the files that lie there. Behind a colon zsh expects what the word means, so it
 * is escaped; bash takes the backslash away too.
 */
const scopesLike = (begun: string): string[] =>
  ["control", ...CONTROL_SCOPES, ...bundleNames()]
    .filter((scope) => scope.startsWith(begun))
    .map((scope) => scope.replaceAll(":", "\\:"));

export const bundleNames = (): string[] =>
  readdirSync(project.modelsFolder).filter((name) => existsSync(join(project.modelsFolder, name, "model.yaml")));
