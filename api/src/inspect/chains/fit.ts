import { nameOf } from "../estimators/class-name";
import type { Estimator } from "../inspection";
import { type Candidate, folderOf, placeText } from "./candidates";
import { fitOfNames } from "./fit-names";
import { isOfTheAnswer, subjectOf } from "./words";

/** How well one estimator's columns fit the next one's; the reasons and doubts as people read them. */
export interface Fit {
  readonly strength: number;
  readonly reason: string;
  readonly doubt?: string;
}

/** The order in which people put those that leave the number of columns as it is. */
export function rankOf(estimator: Estimator): number {
  const name = nameOf(estimator.class);
  if (name.endsWith("Imputer")) return 0;
  if (/Encoder$|^ColumnTransformer$|Vectorizer$|^FeatureUnion$/.test(name)) return 1;
  if (/Scaler$|^Normalizer$|^PowerTransformer$|^QuantileTransformer$|^TfidfTransformer$/.test(name)) return 2;
  return 3;
}

export const keepsColumns = (estimator: Estimator): boolean =>
  estimator.makes === estimator.width &&
  [0, 2].includes(rankOf(estimator)) &&
  nameOf(estimator.class) !== "TfidfTransformer";

/** The names of what comes out, where it still has them. */
const namesOut = (estimator: Estimator): readonly string[] | undefined =>
  keepsColumns(estimator) ? estimator.names : undefined;

/** Whether what the first makes is what the next takes; undefined: it is not. */
export function fit(first: Candidate, next: Candidate): Fit | undefined {
  const [from, to] = [first.estimator, next.estimator];
  if (!takesNumbers(to)) return undefined;
  if (from.makes === undefined) return byChoice(first, next);
  if (from.makes !== to.width) return undefined;
  if (from.width === 1 && from.takes !== "text" && isOfTheAnswer(first)) return undefined;
  if (keepsColumns(from) && keepsColumns(to) && rankOf(from) >= rankOf(to)) return undefined;
  const byNames = fitOfNames(placeText(first), namesOut(from), placeText(next), to.names, rankOf(from) === 2);
  if (byNames === "contradiction") return undefined;
  const width = `${placeText(first)} makes ${from.makes} columns, and ${placeText(next)} takes ${from.makes}`;
  if (byNames === undefined) return byWidth(from, to, width);
  return { ...byNames, reason: `${width}${byNames.reason}` };
}

/** A SelectFromModel and its kin choose fewer columns; how many, only running them would tell. */
function byChoice(first: Candidate, next: Candidate): Fit | undefined {
  const { width: all = 0, class: name } = first.estimator;
  const { width = 0 } = next.estimator;
  if (!/^Select|^GenericUnivariateSelect$/.test(nameOf(name)) || width === 0 || width >= all) return undefined;
  const reason = `${placeText(first)} chooses among ${all} columns, and ${placeText(next)} takes ${width}`;
  return { strength: 1, reason, doubt: `How many columns ${placeText(first)} chooses, only running it tells.` };
}

/** A text's words are as good as numbers; a table or a text is not made by another transformer. */
const takesNumbers = (estimator: Estimator): boolean => estimator.takes === "numbers";

function byWidth(from: Estimator, to: Estimator, width: string): Fit {
  const isTelling = from.makes !== undefined && from.makes > 12;
  const strength = isTelling || from.takes === "text" ? 2 : 1;
  const isSure = isTelling || from.names !== undefined || to.names !== undefined || from.takes === "text";
  return isSure
    ? { strength, reason: width }
    : { strength, reason: width, doubt: `Only the number of columns says so: ${width}.` };
}

/** What else speaks for two files belonging together: one dict, one folder, one subject, one version. */
export function affinity(one: Candidate, other: Candidate): number {
  if (one.file === other.file) return 4;
  const subjects = new Set(subjectOf(other));
  const own = subjectOf(one);
  const shared = own.filter((word) => subjects.has(word)).length;
  const isForeign = shared === 0 && own.length > 0 && subjects.size > 0;
  const folder = folderOf(one.file) === folderOf(other.file) ? 1 : 0;
  const [version, otherVersion] = [one.estimator.version, other.estimator.version];
  const isOtherVersion = version !== undefined && otherVersion !== undefined && version !== otherVersion;
  const comparable = one.estimator.library === other.estimator.library;
  return folder + shared - (isForeign ? 0.25 : 0) - (isOtherVersion && comparable ? 0.5 : 0);
}
