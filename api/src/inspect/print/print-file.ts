import type { Colors } from "picocolors/types";

import { graveDangers } from "../folder/findings";
import type { Estimator, FileInspection, Thing } from "../inspection";
import { printInputs } from "./print-inputs";
import { printThing } from "./print-thing";
import { countText, listText, sizeText } from "./say";

/** One file: what it is, who wrote it, what it takes and answers, and what is wrong with it. */
export function printFile(inspection: FileInspection, colours: Colors): string[] {
  const head = `${colours.bold(inspection.file)}  ${colours.dim(headText(inspection))}`;
  if (inspection.sameAs !== undefined) return [head, `  the very same bytes as ${inspection.sameAs}`];
  const { thing, note } = inspection;
  return [
    head,
    ...(note === undefined ? [] : [colours.red(`  ${note}`)]),
    ...(thing === undefined ? [] : [...printThing(thing, "  "), ...factsOf(thing)]),
    ...printForeign(inspection, colours),
    ...printDangers(inspection, colours),
  ];
}

/** Those whose version the stream does not say, and which it needs all the same. */
const shownLibraries = new Set(["lightgbm", "catboost", "statsmodels", "imblearn", "category_encoders", "dill"]);

function headText({ size, container, compression, versions, libraries, note }: FileInspection): string {
  if (note !== undefined) return sizeText(size);
  const packed = compression === null ? container : `${container} in ${compression}`;
  const written = [
    ...(versions.sklearn.length === 0 ? [] : [`scikit-learn ${versions.sklearn.join(" and ")}`]),
    ...(versions.xgboost === undefined ? [] : [`xgboost ${versions.xgboost}`]),
    ...libraries.filter((name) => shownLibraries.has(name)),
    ...(versions.numpyMajor === undefined ? [] : [`numpy ${versions.numpyMajor}`]),
  ];
  return [packed, sizeText(size), ...written].join(", ");
}

/** Of an estimator itself; those in a dict say what they are in its tree. */
function factsOf(thing: Thing): string[] {
  if (thing.kind !== "estimator") return [];
  return [takesLine(thing), ...printInputs(shownInputs(thing), "    "), ...answersLines(thing)];
}

/** Columns that have neither names nor facts are told by their number alone. */
function shownInputs({ inputs, takes }: Estimator): Estimator["inputs"] {
  if (takes === "text" || takes === "labels") return [];
  const isKnown = inputs.some(({ name, categories, range, typical }) => name ?? categories ?? range ?? typical);
  return isKnown ? inputs : [];
}

function takesLine({ takes, width }: Estimator): string {
  if (takes === "text") return "  takes one text a row";
  if (takes === "labels") return "  takes labels";
  const columns = width === undefined ? "columns, how many it does not say" : countText(width, "column");
  return `  takes ${columns}${takes === "table" ? ", as a table with names" : ""}`;
}

function answersLines({ answers, makes, classes, role }: Estimator): string[] {
  const made = makes === undefined ? "" : ` (${countText(makes, "column")})`;
  const calls = answers.map((method) => (method === "transform" ? `transform${made}` : method)).join(", ");
  const of = classes === undefined ? "" : `; ${role === "label-encoder" ? "labels" : "classes"} ${listText(classes)}`;
  return answers.length === 0 ? ["  answers nothing for new rows"] : [`  answers ${calls}${of}`];
}

function printForeign({ foreign }: FileInspection, colours: Colors): string[] {
  const remedies = [...new Set(foreign.map(({ remedy }) => remedy))];
  return remedies.flatMap((remedy) => {
    const globals = foreign.filter((one) => one.remedy === remedy).map(({ global }) => global);
    return [colours.yellow(`  needs code that is not in it: ${listText(globals)}`), `    → ${remedy}`];
  });
}

const mostShown = 5;

function printDangers(inspection: FileInspection, colours: Colors): string[] {
  const whats = [...new Set(graveDangers(inspection).map(({ what }) => what))];
  const more = whats.length - mostShown;
  return [
    ...whats.slice(0, mostShown).map((what) => colours.red(`  dangerous: ${what}`)),
    ...(more > 0 ? [colours.red(`  dangerous: … ${more} more`)] : []),
    ...(whats.length > 0 ? ["    → It is not loaded."] : []),
  ];
}
