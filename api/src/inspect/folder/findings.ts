import type { Danger } from "../../pickle/reading";
import { shellWord } from "../../printable";
import { placeText } from "../chains/candidates";
import type { Chain, FileInspection, Finding, Thing } from "../inspection";
import { nameOf } from "../estimators/class-name";
import { versionFindings } from "./version-findings";
import type { Required } from "./requirements";

/** What stands in the way, and what to do about it: of each file, then of the folder as a whole. */
export function findingsOf(files: readonly FileInspection[], chains: readonly Chain[], required: Required): Finding[] {
  return [...files.flatMap(findingsOfFile), ...findingsOfFolder(files, chains), ...versionFindings(files, required)];
}

function findingsOfFile(inspection: FileInspection): Finding[] {
  const { file, note, foreign } = inspection;
  const unreadable: Finding[] =
    note === undefined
      ? []
      : [{ code: "unreadable", file, message: `${file}: ${note}`, remedy: unreadableRemedy(inspection) }];
  const dangerous = told(graveDangers(inspection)).map((what): Finding => ({
    code: "dangerous",
    file,
    message: `${file}: ${what}`,
    remedy: "It is not loaded. Leave it out, or ask whoever made it for one that holds the fitted model alone",
  }));
  const custom = [...new Set(foreign.map(({ remedy }) => remedy))].map((remedy): Finding => {
    const globals = foreign.filter((one) => one.remedy === remedy).map(({ global }) => global);
    return {
      code: "custom-code",
      file,
      message: `${file} needs code that is not in it: ${globals.join(", ")}`,
      remedy,
    };
  });
  return [...unreadable, ...dangerous, ...custom];
}

/** Custom code is told apart, with what to give; it is no danger beyond that. */
export function graveDangers({ dangers, foreign }: FileInspection): Danger[] {
  const custom = new Set(foreign.map(({ global }) => global));
  return dangers.filter(({ global }) => global === undefined || !custom.has(global));
}

const mostTold = 5;

function told(dangers: readonly Danger[]): string[] {
  const texts = [...new Set(dangers.map(({ what }) => what))];
  return texts.length <= mostTold
    ? texts
    : [...texts.slice(0, mostTold - 1), `${texts.length - mostTold + 1} more of the kind.`];
}

function unreadableRemedy({ container }: FileInspection): string {
  switch (container) {
    case "git-lfs-pointer":
      return "Fetch the file itself: git lfs pull";
    case "utf8-damaged":
      return "It was saved as text on the way, which cannot be undone: take it anew from where it was made";
    case "empty":
      return "It is empty: take it anew from where it was made";
    default:
      return "Give the file that pickle.dump or joblib.dump wrote";
  }
}

function findingsOfFolder(files: readonly FileInspection[], chains: readonly Chain[]): Finding[] {
  const honest = files.filter((file) => graveDangers(file).length === 0);
  const things = honest.flatMap(({ thing }) => (thing === undefined ? [] : [thing]));
  if (things.length === 0) return files.length > 0 ? [] : [noFile];
  const predictors = new Set(chains.map(({ predictor }) => placeText(predictor)));
  if (predictors.size > 1) return [several([...predictors])];
  if (predictors.size === 1) return [];
  const estimators = things.flatMap((thing) => estimatorsIn(thing));
  return estimators.length === 0 ? [noEstimator(things)] : [noPredictor(estimators)];
}

const noFile: Finding = {
  code: "no-estimator",
  file: undefined,
  message: "There is no pickle or joblib file here",
  remedy: "Point at the folder that holds the file that pickle.dump or joblib.dump wrote",
};

function several(names: readonly string[]): Finding {
  return {
    code: "several-predictors",
    file: undefined,
    message: `${names.length} files predict: ${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""}`,
    remedy: `Say which: --predictor ${shellWord(names[0] ?? "")}`,
  };
}

function noEstimator(things: readonly Thing[]): Finding {
  const isForeign = things.some((thing) => thing.kind === "foreign");
  return {
    code: "no-estimator",
    file: undefined,
    message: isForeign
      ? "Nothing here is a model of a library that Picklepod knows"
      : "There is data here, and no model",
    remedy: "Give the file with the fitted estimator: scikit-learn, XGBoost, LightGBM, CatBoost or statsmodels",
  };
}

function noPredictor(estimators: readonly string[]): Finding {
  return {
    code: "no-predictor",
    file: undefined,
    message: `Nothing here predicts (${[...new Set(estimators)].map(nameOf).join(", ")})`,
    remedy: "Give the fitted model as well; it is perhaps kept elsewhere, or too big for the repository",
  };
}

function estimatorsIn(thing: Thing): string[] {
  if (thing.kind === "estimator") return [thing.class];
  if (thing.kind === "dict") return thing.entries.flatMap(([, member]) => estimatorsIn(member));
  return thing.kind === "list" ? thing.first.flatMap(estimatorsIn) : [];
}
