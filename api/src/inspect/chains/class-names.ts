import type { NameList } from "../folder/side-files";
import { type Candidate, folderOf } from "./candidates";
import { saysClasses } from "./lists";
import { subjectOf } from "./words";

/** A list that says by its name that it is of the classes, and has one for each number that the predictor answers. */
export function classNames(lists: readonly NameList[], { file, estimator }: Candidate): NameList | undefined {
  const { classes } = estimator;
  if (classes?.every((label, place) => label === place) !== true) return undefined;
  const fitting = lists.filter(
    (list) => saysClasses(list) && list.names.length === classes.length && (classes.length > 2 || isPlain(list)),
  );
  const inFile = fitting.filter((list) => list.file === file);
  const near = inFile.length > 0 ? inFile : fitting.filter((list) => folderOf(list.file) === folderOf(file));
  const [first, ...others] = near;
  const areSame = others.every(({ names }) => names.every((name, place) => name === first?.names[place]));
  return areSame ? first : undefined;
}

const plain = new Set([
  "map",
  "mapping",
  "dict",
  "list",
  "class",
  "classes",
  "target",
  "targets",
  "predictions",
  "prediction",
]);

/** gender_labels are of a column, and a column has two values as soon as the answer has. */
const isPlain = ({ file, key }: NameList): boolean => {
  const last = key.at(-1);
  return subjectOf({ file: typeof last === "string" ? last : file, key: [] }).every((word) => plain.has(word));
};
