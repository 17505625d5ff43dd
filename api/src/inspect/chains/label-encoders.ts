import type { Cell } from "../../pickle/value";
import type { Chain } from "../inspection";
import { nameOf } from "../estimators/class-name";
import { type Candidate, folderOf, placeText } from "./candidates";
import { bare, isOfTheAnswer, subjectOf } from "./words";

export interface Encoders {
  readonly encoders: Chain["encoders"];
  readonly labels: Chain["labels"];
  readonly reasons: readonly string[];
  readonly doubts: readonly string[];
}

/** Which column a LabelEncoder is of, by its key or its file's name; the one that is of the answer is the label map. */
export function labelEncodersOf(
  all: readonly Candidate[],
  predictor: Candidate,
  names: readonly string[] | undefined,
): Encoders {
  const usable = all.filter(
    (one) => nameOf(one.estimator.class) === "LabelEncoder" && one.estimator.classes !== undefined,
  );
  const placed = usable.map((one) => ({ one, column: names?.find((name) => isNamed(one, name)) }));
  const encoders = nearest(placed, predictor).map(({ one, column }) => ({
    file: one.file,
    key: one.key,
    column,
    classes: one.estimator.classes ?? [],
  }));
  const rest = placed.filter(({ column }) => column === undefined).map(({ one }) => one);
  const label = labelMap(rest, predictor, encoders);
  const isNameless = names === undefined && rest.some((one) => one !== label);
  return {
    encoders,
    labels: label && { file: label.file, key: label.key, classes: label.estimator.classes ?? [] },
    reasons: [
      ...byFile(encoders),
      ...(label ? [`${placeText(label)} has the names of the ${label.estimator.classes?.length ?? 0} classes`] : []),
    ],
    doubts: isNameless
      ? [`${rest.map(placeText).slice(0, 5).join(", ")}: label encoders, but the names of the columns are not known.`]
      : [],
  };
}

/** A line a file, however many encoders it holds. */
function byFile(encoders: Chain["encoders"]): string[] {
  const files = [...new Set(encoders.map(({ file }) => file))];
  return files.map(
    (file) =>
      `${file} numbers the values of ${encoders.flatMap((one) => (one.file === file ? one.column : [])).join(", ")}`,
  );
}

interface Placed {
  readonly one: Candidate;
  readonly column: string | undefined;
}

/** One a column, the one nearest the predictor. */
function nearest(placed: readonly Placed[], predictor: Candidate): { one: Candidate; column: string }[] {
  const byColumn = new Map<string, Candidate>();
  for (const { one, column } of placed) {
    if (column === undefined) continue;
    const other = byColumn.get(column);
    if (other === undefined || distance(one, predictor) < distance(other, predictor)) byColumn.set(column, one);
  }
  return [...byColumn].map(([column, one]) => ({ one, column }));
}

const distance = (one: Candidate, predictor: Candidate): number =>
  one.file === predictor.file ? 0 : folderOf(one.file) === folderOf(predictor.file) ? 1 : 2;

const around = /^(?:le|lbl|label|labels|encoder|encoders|enc|encoded|ordinal|column|col|feature|for|of|the|pkl)$/;

/** gender, le_gender, label_encoder_gender, genderEncoder are all of the column Gender. */
function isNamed({ file, key }: Candidate, column: string): boolean {
  const last = key.at(-1);
  const stem = file.slice(file.lastIndexOf("/") + 1).replace(/\.[A-Za-z0-9]+$/, "");
  const text = typeof last === "string" ? last : stem;
  if (bare(text) === bare(column)) return true;
  const words = text
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  const rest = words.filter((word) => word !== "" && !around.test(word)).join("");
  return rest !== "" && rest === bare(column);
}

/** It numbers as many classes as the predictor has, whose own classes are but numbers. */
function labelMap(
  rest: readonly Candidate[],
  predictor: Candidate,
  encoders: Encoders["encoders"],
): Candidate | undefined {
  const { classes } = predictor.estimator;
  const isNumbered = classes?.every((label: Cell, place) => Number(label) === place) ?? false;
  if (!isNumbered) return undefined;
  const fitting = rest.filter(({ estimator }) => estimator.classes?.length === classes?.length);
  // One that is named for nothing else, or the one that is left of a dict whose others are columns.
  const isLikely = (one: Candidate): boolean =>
    subjectOf(one).length === 0 || encoders.some(({ file }) => file === one.file);
  return fitting.find(isOfTheAnswer) ?? (fitting.length === 1 ? fitting.find(isLikely) : undefined);
}
