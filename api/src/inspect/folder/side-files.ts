import { readFile } from "node:fs/promises";

import type { Cell } from "../../pickle/value";
import type { Place, Thing } from "../inspection";
import { numberedNames } from "./numbered-names";
import { toText } from "./requirements";
import type { WalkedFile } from "./walk";

/** A list of names that stands in a file of its own, or beside other things. */
export interface NameList extends Place {
  readonly names: readonly string[];
  /** A dict of names and their numbers: of columns only where it says so, for many a map of values looks like it. */
  readonly isNumbered?: true;
}

/** `{column: [values]}`. */
export interface CategoryTable {
  readonly file: string;
  readonly categories: ReadonlyMap<string, readonly Cell[]>;
}

const fewest = 2;
const mostMembers = 16;

/** Lists of texts in a pickle: at its root, and in the dicts, tuples and lists of its first three levels. */
export function namesInThing(
  file: string,
  thing: Thing | undefined,
  key: readonly (string | number)[] = [],
): NameList[] {
  if (thing === undefined || key.length > 3) return [];
  if ((thing.kind === "list" || thing.kind === "array") && thing.texts !== undefined) {
    return thing.texts.length >= fewest ? [{ file, key, names: thing.texts }] : [];
  }
  if (thing.kind === "dict") {
    const names = thing.entries.length >= fewest ? numberedNames(thing.entries) : undefined;
    if (names !== undefined) return [{ file, key, names, isNumbered: true }];
    return thing.entries.flatMap(([name, value]) => namesInThing(file, value, [...key, name]));
  }
  // More are rows of data, a text each.
  if (thing.kind !== "list" || thing.length > mostMembers) return [];
  return thing.first.flatMap((value, place) => namesInThing(file, value, [...key, place]));
}

export interface JsonFacts {
  readonly names: readonly NameList[];
  readonly categories: readonly CategoryTable[];
}

/** JSON files: lists of names, whether bare or under a key, and tables of categories. Anything else says nothing here. */
export async function readJsonFacts(files: readonly WalkedFile[]): Promise<JsonFacts> {
  const names: NameList[] = [];
  const categories: CategoryTable[] = [];
  for (const { relative, path } of files) {
    if (!relative.toLowerCase().endsWith(".json")) continue;
    const value = await parsed(path);
    names.push(...namesInJson(relative, value, []));
    const table = categoriesIn(value);
    if (table !== undefined) categories.push({ file: relative, categories: table });
  }
  return { names, categories };
}

async function parsed(path: string): Promise<unknown> {
  try {
    return JSON.parse(toText(await readFile(path)));
  } catch {
    return undefined; // some other tool's dialect
  }
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length >= fewest && value.every((text) => typeof text === "string");

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function namesInJson(file: string, value: unknown, key: readonly string[]): NameList[] {
  if (isTexts(value)) return [{ file, key, names: value }];
  if (!isRecord(value) || key.length > 2) return [];
  return Object.entries(value).flatMap(([name, member]) => namesInJson(file, member, [...key, name]));
}

const isCell = (value: unknown): value is Cell => ["string", "number", "boolean"].includes(typeof value);

function categoriesIn(value: unknown): Map<string, readonly Cell[]> | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value);
  const isTable = entries.length > 0 && entries.every(([, cells]) => Array.isArray(cells) && cells.every(isCell));
  return isTable ? new Map(entries as [string, Cell[]][]) : undefined;
}
