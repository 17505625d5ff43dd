import type { NameList } from "../folder/side-files";
import { type Candidate, folderOf } from "./candidates";
import { bare, wordsOf } from "./words";

const ofColumns = new Set(
  `
  feature features column columns cols col names variables variable inputs input x vars order`
    .trim()
    .split(/\s+/),
);
const ofClasses = new Set([
  "classes",
  "class",
  "labels",
  "label",
  "targets",
  "target",
  "stopwords",
  "stop",
  "words",
  "vocab",
]);

const ofAnswer = new Set(["classes", "class", "labels", "label", "targets", "target"]);

/** A list of so many names, the likeliest first: one that says of columns, and lies near the predictor. */
export function listsOf(count: number | undefined, lists: readonly NameList[], predictor: Candidate): NameList[] {
  const classes = predictor.estimator.classes?.map(String);
  return lists
    .filter(({ names }) => names.length === count && new Set(names).size === names.length)
    .filter(({ names }) => names.length !== classes?.length || !names.every((name, place) => name === classes[place]))
    .filter((list) => list.isNumbered !== true || saysColumns(list))
    .filter((list) => !wordsOf(list).some((word) => ofClasses.has(word)) || saysColumns(list))
    .map((list) => ({ list, score: scoreOf(list, predictor) }))
    .sort((one, other) => other.score - one.score)
    .map(({ list }) => list);
}

const saysColumns = (list: NameList): boolean =>
  wordsOf(list).some((word) => ofColumns.has(word) || (list.isNumbered && word === "index"));

/** target_names, class_names and label_map are of the classes, feature_names is not. */
export const saysClasses = (list: NameList): boolean => {
  const words = wordsOf(list).filter((word) => word !== "names");
  return words.some((word) => ofAnswer.has(word)) && !words.some((word) => ofColumns.has(word));
};

const scoreOf = (list: NameList, predictor: Candidate): number =>
  (saysColumns(list) ? 2 : 0) +
  (list.file === predictor.file ? 3 : 0) +
  (folderOf(list.file) === folderOf(predictor.file) ? 1 : 0);

export const isSameNames = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, place) => bare(name) === bare(other[place] ?? ""));
