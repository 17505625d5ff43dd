import type { FolderInspection } from "../../inspect/inspection";
import { minorOf } from "./eras";
import type { EnvironmentPlan } from "./plan-environment";
import { exactOf } from "./versions";

/** What computes: another version may give another last bit. */
const COMPUTING: ReadonlySet<string> = new Set(["numpy", "scipy", "xgboost", "lightgbm", "catboost", "statsmodels"]);

/** What says which Python wrote the pickles: a person, or a file of the folder. */
export interface PythonSaid {
  readonly person: string | undefined;
  readonly file: FolderInspection["python"];
}

/**
 * Which Python and libraries are of the days, because nothing says which wrote the pickles, and how to say it.
 * @param packages the exact versions that were taken
 */
export function guessedNote(
  { python, requirements }: EnvironmentPlan,
  packages: Readonly<Record<string, string>>,
  said: PythonSaid,
): string[] {
  const isPythonSaid = said.person === python || minorOf(said.file?.version ?? "").join(".") === python;
  const open = requirements.filter(({ name, spec }) => COMPUTING.has(name) && exactOf(spec) === undefined);
  const guessed = [
    ...(isPythonSaid ? [] : [{ name: "Python", version: python, flag: "--python 3.x" }]),
    ...open.map(({ name }) => ({ name, version: packages[name] ?? "", flag: `--require ${name}==VERSION` })),
  ];
  if (guessed.length === 0) return [];
  const names = listed(guessed.map(({ name }) => name));
  const taken = listed(guessed.map(({ name, version }) => `${name} ${version}`.trimEnd()));
  const flags = guessed.slice(0, 2).map(({ flag }) => flag);
  return [
    `No file says which ${names} wrote the pickles: ${taken} of those days, a guess. Mend it with ${flags.join(", ")}.`,
  ];
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
