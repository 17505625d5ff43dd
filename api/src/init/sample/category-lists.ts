import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { isObject } from "./read-sample";

const LARGEST = 1_000_000;

/** Lists of values by column, as JSON files beside the pickles have them: {"MES": [1, 2, …]}. */
export function categoryLists(folder: string): Map<string, (string | number)[]> {
  const lists = new Map<string, (string | number)[]>();
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  for (const file of files.toSorted()) {
    const path = join(folder, file);
    if (!statSync(path).isFile() || statSync(path).size > LARGEST) continue;
    for (const [column, values] of Object.entries(objectIn(path))) {
      if (isListOfValues(values) && !lists.has(column)) lists.set(column, values);
    }
  }
  return lists;
}

function objectIn(path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

const isListOfValues = (value: unknown): value is (string | number)[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  (value.every((one) => typeof one === "string") || value.every((one) => Number.isSafeInteger(one)));
