import { shellWord } from "../../printable";
import { pythonText } from "../columns/encode";
import { type Placed, folderOf, placeText } from "./candidates";
import { areSexes, subjectOfEncoder } from "./encoder-columns";
import { subjectOf } from "./words";

export interface AnswerLabels {
  readonly label?: Placed;
  readonly doubts: readonly string[];
}

export interface Siblings {
  readonly names: readonly string[] | undefined;
  /** Keys and files whose other encoders are called as columns are: what is left over is the answer's. */
  readonly dictsOfColumns: ReadonlySet<string>;
}

/** It numbers as many classes as the predictor has, whose own classes are but numbers. */
export function couldBeOfAnswer(one: Placed, { estimator }: Placed): boolean {
  const isNumbered = estimator.classes?.every((label, place) => label === place) ?? false;
  return isNumbered && one.estimator.classes?.length === estimator.classes?.length;
}

/** The encoder of the answer, where one alone can be it: a wrong text would be worse than none. */
export function answerLabels(rest: readonly Placed[], predictor: Placed, siblings: Siblings): AnswerLabels {
  const fitting = rest.filter((one) => couldBeOfAnswer(one, predictor) && (isOfAnswer(one) || !areSexes(one)));
  const tiers: ((one: Placed) => boolean)[] = [
    isOfAnswer,
    (one) => siblings.dictsOfColumns.has(dictOf(one)) || isOfPredictor(one, predictor),
    (one) => isOfNoColumn(one, siblings.names),
  ];
  for (const [tier, isLikely] of tiers.entries()) {
    const [label, ...others] = nearest(fitting.filter(isLikely), predictor);
    if (label === undefined) continue;
    if (others.length > 0) break;
    return {
      label,
      doubts:
        tier < tiers.length - 1
          ? []
          : [`${placeText(label)} is taken for the names of the classes: it has as many, and no column is called so.`],
    };
  }
  return { doubts: nearest(fitting, predictor).slice(0, 3).map(flagText) };
}

/** The dict that it lies in, as the pickle's file and the keys before its own. */
export const dictOf = ({ file, key }: Placed): string => JSON.stringify([file, ...key.slice(0, -1)]);

const ofAnswer = new Set(["y", "target", "targets", "output", "response", "classes", "class", "prediction", "result"]);

/** label_encoder.pkl says only what it is; target_encoder.pkl says of what. */
const isOfAnswer = (one: Placed): boolean => subjectOfEncoder(one).some((word) => ofAnswer.has(word));

/** Its name says nothing else than the predictor's: heart_encoder.pkl beside heart_model.pkl, or encoder.pkl. */
function isOfPredictor(one: Placed, predictor: Placed): boolean {
  const own = new Set(subjectOf(predictor));
  return subjectOf(one).every((word) => own.has(word));
}

/** Of two classes many a column has as many values. */
const isOfNoColumn = ({ estimator }: Placed, names: readonly string[] | undefined): boolean =>
  names !== undefined && (estimator.classes?.length ?? 0) > 2;

/** Those of the predictor's own file before those beside it, and these before all others. */
function nearest(all: readonly Placed[], predictor: Placed): readonly Placed[] {
  const inFile = all.filter(({ file }) => file === predictor.file);
  if (inFile.length > 0) return inFile;
  const inFolder = all.filter(({ file }) => folderOf(file) === folderOf(predictor.file));
  return inFolder.length > 0 ? inFolder : all;
}

function flagText(one: Placed): string {
  return `${placeText(one)} has as many values as there are classes, and may as well be of a column: if it is of the answer, say so with --labels${textsOfFlag(one)}.`;
}

/** A comma within a text would be taken for the next one. */
function textsOfFlag({ estimator }: Placed): string {
  const texts = (estimator.classes ?? []).map(pythonText);
  if (texts.length > 12 || texts.some((text) => text.includes(","))) return "";
  return ` ${shellWord(texts.map((text, place) => `${place}=${text}`).join(","))}`;
}
