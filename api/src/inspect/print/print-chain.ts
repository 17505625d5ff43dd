import type { Colors } from "picocolors/types";

import { placeText } from "../chains/candidates";
import type { Chain, FileInspection, InputFact } from "../inspection";
import { printInputs } from "./print-inputs";
import { countText, listText } from "./say";

/** Files that belong together: the way a row goes, why, and what is not sure. */
export function printChain(chain: Chain, files: readonly FileInspection[], colours: Colors): string[] {
  const { transformers, predictor, encoders, labels, select, names, inputs } = chain;
  const way = [
    ...encodersText(encoders),
    ...transformers.map((one) => placeText(one) + (one.columns === undefined ? "" : ` (${listText(one.columns, 30)})`)),
    ...(select === undefined ? [] : [`choice of ${select.names.length}`]),
    colours.bold(placeText(predictor)),
    ...(labels === undefined ? [] : [`names of ${placeText(labels)}`]),
  ];
  return [
    `  ${way.join(" → ")}`,
    ...chain.reasons.map((reason) => `    because ${reason}`),
    ...chain.doubts.map((doubt) => colours.yellow(`    ? ${doubt}`)),
    ...(names === undefined ? [] : [`    the columns' names are those of ${names.from}`]),
    ...(isSaidByFile(chain) ? [] : printSent(inputs, files)),
  ];
}

const encodersText = (encoders: Chain["encoders"]): string[] =>
  encoders.length > 2
    ? [countText(encoders.length, "label encoder")]
    : encoders.map((one) => `${placeText(one)} (${one.column})`);

/** Where they are a file's own columns, that file's block shows them. */
function printSent(inputs: readonly InputFact[], files: readonly FileInspection[]): string[] {
  if (inputs.length === 1 && inputs[0]?.type === "text") return ["    callers send one text a row"];
  const same = files.find(
    ({ thing }) => thing?.kind === "estimator" && thing.inputs.length > 0 && isSame(thing.inputs, inputs),
  );
  if (same !== undefined) return [`    callers send the ${countText(inputs.length, "column")} of ${same.file}`];
  return [`    callers send ${countText(inputs.length, "column")}`, ...printInputs(inputs, "      ")];
}

const isSame = (one: readonly InputFact[], other: readonly InputFact[]): boolean =>
  one.length === other.length && one.every((input, place) => isSameInput(input, other[place]));

const isSameInput = (one: InputFact, other: InputFact | undefined): boolean =>
  one.name === other?.name && one.type === other?.type && (one.nullable || !other.nullable);

/** A file alone, whose own block says all. */
export const isSaidByFile = ({ transformers, encoders, select, names, inputs, predictor }: Chain): boolean =>
  inputs.length === 0 ||
  (transformers.length === 0 &&
    encoders.length === 0 &&
    select === undefined &&
    names === undefined &&
    predictor.key.length === 0);
