import type { Estimator } from "../inspection";

type Library = Estimator["library"];

export const nameOf = (className: string): string => className.slice(className.lastIndexOf(".") + 1);
export const moduleOf = (className: string): string => className.slice(0, Math.max(0, className.lastIndexOf(".")));
export const packageOf = (className: string): string => className.split(".", 1)[0] ?? "";

const libraries: Readonly<Record<string, Library>> = {
  sklearn: "sklearn",
  xgboost: "xgboost",
  lightgbm: "lightgbm",
  catboost: "catboost",
  _catboost: "catboost",
  statsmodels: "statsmodels",
  imblearn: "imblearn",
};

export const libraryOf = (className: string): Library => libraries[packageOf(className)] ?? "other";
