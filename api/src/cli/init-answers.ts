import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";

import { parse as parseYaml } from "yaml";

import { readRequirement } from "../bundle/requirement";
import type { Answers } from "../init/answers";
import type { Place } from "../inspect/inspection";
import type { InitFlags } from "./init";
import { MINORS } from "../supervise/minors";
import { UsageError } from "./usage-error";

/** What the flags say, as `init` takes it.
 * @throws UsageError with the flag and an example of what it takes */
export function answersOf(flags: InitFlags): Answers {
  const path = (file: string | undefined): string | undefined => (file === undefined ? undefined : resolve(file));
  return {
    out: path(flags.out),
    name: matching(flags.name, "--name", /^[a-z0-9][a-z0-9-]*$/, "lower-case letters, digits and -"),
    sample: present(flags.sample, "--sample"),
    expected: present(flags.expected, "--expected"),
    yes: flags.yes,
    force: flags.force,
    predictor: placeOf(flags.predictor),
    transformers: (flags.transformer ?? []).flatMap((word) => placeOf(word) ?? []),
    code: (flags.code ?? []).map(codeOf),
    requirements: (flags.require ?? []).map(requirementOf),
    python: pythonOf(flags.python),
    inputs: (flags.input ?? []).map(inputOf),
    oneHot: listOf(flags.oneHot),
    columns: flags.columns === undefined ? undefined : columnsOf(flags.columns),
    select: placeOf(flags.select),
    labels: labelsOf(flags.labels),
    threshold: thresholdOf(flags.threshold),
    positive: flags.positive,
  };
}

function requirementOf(text: string): string {
  if (readRequirement(text) !== undefined) return text.trim();
  const what = "it takes a package of the index, such as nltk==3.8, and no address, path or option";
  throw new UsageError(`--require ${text}: ${what}; other indexes: UV_INDEX or UV_FIND_LINKS`);
}

function pythonOf(text: string | undefined): string | undefined {
  const minor = matching(text, "--python", /^3\.\d+$/, "major.minor, such as 3.11");
  if (minor === undefined || MINORS.includes(minor)) return minor;
  throw new UsageError(`--python ${minor}: bundles run under Python ${MINORS.join(", ")}`);
}

function matching(text: string | undefined, flag: string, shape: RegExp, wanted: string): string | undefined {
  if (text === undefined || shape.test(text)) return text;
  throw new UsageError(`${flag} ${text}: it takes ${wanted}`);
}

function present(file: string | undefined, flag: string): string | undefined {
  if (file === undefined) return undefined;
  if (!existsSync(file)) throw new UsageError(`${flag} ${file}: there is no such file`);
  if (statSync(file).isDirectory()) throw new UsageError(`${flag} ${file}: that is a folder; it takes a file`);
  return resolve(file);
}

/** `model.pkl#clf`, deeper: `model.pkl#models#0`. A key of digits is a place in a list. */
function placeOf(word: string | undefined): Place | undefined {
  if (word === undefined) return undefined;
  const [file = "", ...keys] = word.split("#");
  return { file, key: keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key)) };
}

function codeOf(word: string): Answers["code"][number] {
  const [, module, file = word] = /^([A-Za-z_][\w.]*)=(.+)$/.exec(word) ?? [];
  if (!existsSync(file)) throw new UsageError(`--code ${word}: there is no file ${file}`);
  if (statSync(file).isDirectory()) throw new UsageError(`--code ${word}: that is a folder; it takes a file`);
  return { module, file: resolve(file) };
}

function inputOf(word: string): Answers["inputs"][number] {
  const [, pattern, text] = /^([^=]+)=(.+)$/s.exec(word) ?? [];
  const example = "write --input 'age=integer' or --input 'day={type: category, values: [mon, tue]}'";
  if (pattern === undefined || text === undefined) throw new UsageError(`--input ${word}: ${example}`);
  try {
    return { pattern: pattern.trim(), entry: parseYaml(text, { stringKeys: true }) as unknown };
  } catch (error) {
    throw new UsageError(`--input ${word}: ${(error as Error).message.split("\n")[0] ?? ""}; ${example}`);
  }
}

const listOf = (text: string | undefined): string[] =>
  (text ?? "").split(",").map((word) => word.trim()).filter(Boolean); // prettier-ignore

/** `a,b,c`, or a file with a list of names. */
function columnsOf(text: string): string[] {
  if (!text.endsWith(".json")) return listOf(text);
  const names = jsonIn(present(text, "--columns") ?? text);
  const areNames = Array.isArray(names) && names.every((name) => typeof name === "string");
  if (!areNames) throw new UsageError(`--columns ${text}: it is to hold a JSON list of names`);
  return names;
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function labelsOf(text: string | undefined): Answers["labels"] {
  return listOf(text).map((word) => {
    const [, value, label = word] = /^([^=]*)=(.*)$/.exec(word) ?? [];
    return { value, text: label };
  });
}

function thresholdOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const threshold = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(threshold)) return threshold;
  throw new UsageError(`--threshold ${text}: it takes a number, such as 0.5`);
}
