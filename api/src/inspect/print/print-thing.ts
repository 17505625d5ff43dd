import { nameOf } from "../estimators/class-name";
import type { Estimator, Thing } from "../inspection";
import { isOtherLibrary } from "../known-packages";
import { packageOf } from "../estimators/class-name";
import { cellText, countText, listText } from "./say";

/** What a thing is, in a line or, with parts, an indented tree. */
export function printThing(thing: Thing, indent: string): string[] {
  switch (thing.kind) {
    case "estimator":
      return printEstimator(thing, indent);
    case "dict":
      return printDict(thing.entries, indent);
    case "list":
      return [`${indent}${listLine(thing)}`, ...members(thing, indent)];
    case "array":
      return [`${indent}${thing.dtype === "Index" ? "pandas Index" : "array"} ${arrayText(thing)}`];
    case "value":
      return [`${indent}${cellText(thing.value)}`];
    case "foreign":
      return [`${indent}${thing.class} (custom code)`];
    case "other":
      return [
        `${indent}${plainName(thing.class)}${isOtherLibrary(packageOf(thing.class)) ? " (a library that is not served)" : ""}`,
      ];
  }
}

const plainName = (name: string): string => (name.startsWith("pandas.") ? `pandas ${nameOf(name)}` : name);

function printEstimator(estimator: Estimator, indent: string): string[] {
  const line = `${indent}${nameOf(estimator.class)}${settingsText(estimator)}`;
  const parts = estimator.parts.flatMap(({ name, thing, columns }) => {
    const [first = "", ...rest] = printThing(thing, `${indent}    `);
    const on = columns === undefined ? "" : `  on ${listText(columns)}`;
    return [`${indent}  ${name}: ${first.trimStart()}${on}`, ...rest];
  });
  return [line, ...parts];
}

/** What is rarely looked at stays out; the JSON has it. */
const hidden = new Set([
  "max_iter",
  "remainder",
  "lowercase",
  "alpha",
  "C",
  "learning_rate",
  "encode",
  "degree",
  "fill_value",
  "format",
]);

function settingsText({ settings }: Estimator): string {
  const shown = Object.entries(settings).filter(([name]) => !hidden.has(name));
  return shown.length === 0 ? "" : ` (${shown.map(([name, value]) => `${name}=${cellText(value)}`).join(", ")})`;
}

const mostEntries = 12;

function printDict(entries: readonly (readonly [string | number, Thing])[], indent: string): string[] {
  const shown = entries.slice(0, mostEntries).flatMap(([key, thing]) => {
    const [first = "", ...rest] = printThing(thing, `${indent}    `);
    return [`${indent}  ${cellText(key)}: ${first.trimStart()}`, ...rest];
  });
  const more = entries.length > mostEntries ? [`${indent}  … ${entries.length - mostEntries} more`] : [];
  return [`${indent}dict of ${countText(entries.length, "entry", "entries")}`, ...shown, ...more];
}

const listLine = ({ length, texts }: Extract<Thing, { kind: "list" }>): string =>
  texts === undefined ? `list of ${length}` : `list of ${countText(length, "text")}: ${listText(texts)}`;

const members = ({ texts, first }: Extract<Thing, { kind: "list" }>, indent: string): string[] =>
  texts === undefined ? first.slice(0, 3).flatMap((thing) => printThing(thing, `${indent}  `)) : [];

const arrayText = ({ shape, dtype, texts }: Extract<Thing, { kind: "array" }>): string =>
  `${shape.join(" × ")}${dtype === "Index" ? "" : ` of ${dtype}`}${texts === undefined ? "" : `: ${listText(texts)}`}`;
