import type { z } from "zod";

import type { Finding } from "./finding";
import { manifestSchema, reservedKeys } from "./manifest";
import { nearest } from "./nearest";
import { stepSchemas } from "./steps";

/** Where things stand in the manifest as it was written. */
export interface Written {
  /** The line of the value at a path. */
  readonly lineOf: (path: PropertyKey[]) => number | undefined;
  /** The inputs by their number, as a path has them. */
  readonly names: readonly string[];
}

/** What the schema found, each with its line and a remedy: for an unknown key, the word that was probably meant. */
export function schemaFindings(file: string, issue: z.core.$ZodIssue, written: Written): Finding[] {
  const { lineOf } = written;
  const where = issue.path.length === 0 ? "" : `${pathText(issue.path, written.names)}: `;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(file, lineOf([...issue.path, key]), where, key));
  }
  if (issue.code === "invalid_union") {
    const deepest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
    if (deepest.length > 0) {
      return deepest.flatMap((inner) =>
        schemaFindings(file, { ...inner, path: [...issue.path, ...inner.path] }, written),
      );
    }
  }
  return [
    {
      file,
      line: lineOf(issue.path),
      message: where + issue.message,
      remedy: "docs/model-yaml.md shows what may stand there",
    },
  ];
}

const depth = (issues: z.core.$ZodIssue[]): number =>
  Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)));

/** `inputs.x12.min`: a person knows an input by its name, not by its number. */
function pathText(path: PropertyKey[], names: readonly string[]): string {
  const [first, place, , ...rest] = path;
  const name = first === "inputs" ? names[Number(place)] : undefined;
  return (name === undefined ? path : ["inputs", name, ...rest]).map(String).join(".");
}

function unknownKey(file: string, line: number | undefined, where: string, key: string): Finding {
  if (reservedKeys.includes(key)) {
    const message = `${where}the key ${key} is reserved for a later version of the format`;
    return { file, line, message, remedy: "Remove it: it has no effect today" };
  }
  const near = nearest(key, knownKeys);
  return {
    file,
    line,
    message: `${where}the key ${key} is unknown`,
    remedy: near ? `Did you mean ${near}?` : "Remove it",
  };
}

const knownKeys = [
  ...Object.keys(manifestSchema.shape),
  ...Object.keys(stepSchemas),
  ...[
    "python",
    "lock",
    "file",
    "key",
    "sha256",
    "type",
    "values",
    "case",
    "null",
    "absent",
    "unknown",
    "min",
    "max",
    "as",
    "parts",
    "format",
  ],
  ...[
    "columns",
    "from",
    "output",
    "at_least",
    "above",
    "map",
    "column",
    "non_finite",
    "port",
    "routes",
    "errors",
    "path",
  ],
  ...[
    "method",
    "request",
    "response",
    "shape",
    "status",
    "fields",
    "sort",
    "envelope",
    "ignore",
    "time",
    "rows",
    "block",
  ],
  ...["names", "drop_first", "other", "base", "preset", "lower", "keep", "punctuation", "digits", "split"],
  ...["alphanumeric", "stop_words", "stemming"],
  ...["decimals", "text", "columns_of", "constant", "spread", "body"],
];
