/** What was current when a version of scikit-learn was: choices where the pickle leaves room, never a lock. */
export interface Era {
  /** scikit-learn's minor version, `0.24`; the last era holds for all that come after it. */
  readonly until: readonly [major: number, minor: number];
  /** Pythons that have wheels of it, the best first. */
  readonly pythons: readonly [string, ...string[]];
  /** By numpy's major; a version that never met numpy 2 has none for it. */
  readonly numpy: { readonly 1?: string; readonly 2?: string };
  readonly bounds: Readonly<Record<string, string>>;
  /** The newest xgboost and lightgbm of those days, where nothing says which. */
  readonly boosters: Readonly<Record<"xgboost" | "lightgbm" | "catboost", string>>;
  readonly statsmodels: string;
}

/** Each of these Pythons and bounds has been built from wheels alone. */
export const eras: readonly [Era, ...Era[]] = [
  {
    until: [0, 21],
    pythons: ["3.7"],
    numpy: { 1: "<1.20" },
    bounds: { scipy: "<1.5", pandas: "<1.2", joblib: "<1.1" },
    boosters: { xgboost: "<1.3", lightgbm: "<3", catboost: "<1" },
    statsmodels: "<0.12",
  },
  {
    until: [0, 23],
    pythons: ["3.8", "3.7"],
    numpy: { 1: "<1.20" },
    bounds: { scipy: "<1.6", pandas: "<1.3", joblib: "<1.2" },
    boosters: { xgboost: "<1.4", lightgbm: "<3.2", catboost: "<1" },
    statsmodels: "<0.13",
  },
  {
    until: [1, 0],
    pythons: ["3.9", "3.8", "3.7", "3.10"],
    numpy: { 1: "<1.23" },
    bounds: { scipy: "<1.9", pandas: "<1.5", joblib: "<1.2" },
    boosters: { xgboost: "<1.7", lightgbm: "<3.4", catboost: "<1.1" },
    statsmodels: "<0.14",
  },
  {
    until: [1, 1],
    pythons: ["3.10", "3.9", "3.8"],
    numpy: { 1: "<1.24" },
    bounds: { scipy: "<1.10", pandas: "<2", joblib: "<1.3" },
    boosters: { xgboost: "<1.8", lightgbm: "<4", catboost: "<1.2" },
    statsmodels: "<0.14",
  },
  {
    until: [1, 2],
    pythons: ["3.11", "3.10", "3.9", "3.8"],
    numpy: { 1: "<1.25" },
    bounds: { scipy: "<1.11", pandas: "<2.1", joblib: "<1.3" },
    boosters: { xgboost: "<2", lightgbm: "<4.1", catboost: "<1.2.3" },
    statsmodels: "<0.15",
  },
  {
    until: [1, 4],
    pythons: ["3.11", "3.9", "3.10", "3.12"],
    numpy: { 1: "<2" },
    bounds: { scipy: "<1.14", pandas: "<2.3", joblib: "<1.5" },
    boosters: { xgboost: "<2.1", lightgbm: "<4.4", catboost: "<1.3" },
    statsmodels: "<0.15",
  },
  {
    until: [1, 5],
    pythons: ["3.12", "3.11", "3.10", "3.9"],
    numpy: { 1: "<2", 2: ">=2,<2.2" },
    bounds: { scipy: "<1.15", pandas: "<2.3", joblib: "<1.5" },
    boosters: { xgboost: "<2.2", lightgbm: "<4.6", catboost: "<1.3" },
    statsmodels: "<0.15",
  },
  {
    until: [1, 6],
    pythons: ["3.12", "3.11", "3.13", "3.10"],
    numpy: { 1: "<2", 2: ">=2,<2.3" },
    bounds: { scipy: "<1.16", pandas: "<2.3", joblib: "<1.5" },
    boosters: { xgboost: "<3.1", lightgbm: "<4.7", catboost: "<1.3" },
    statsmodels: "<0.15",
  },
  {
    until: [1, 7],
    pythons: ["3.12", "3.11", "3.13", "3.10"],
    numpy: { 1: "<2", 2: ">=2,<2.4" },
    bounds: { scipy: "<1.17", pandas: "<2.4", joblib: "<1.6" },
    boosters: { xgboost: "<3.2", lightgbm: "<4.7", catboost: "<1.3" },
    statsmodels: "<0.15",
  },
  {
    until: [99, 0],
    pythons: ["3.13", "3.12", "3.11"],
    numpy: { 2: ">=2" },
    bounds: { pandas: "<3.1" },
    boosters: { xgboost: ">=3", lightgbm: ">=4.6", catboost: ">=1.2.8" },
    statsmodels: ">=0.14.5",
  },
];

export const minorOf = (version: string): readonly [number, number] => {
  const [major = 0, minor = 0] = version.split(".").map((part) => parseInt(part, 10));
  return [major, minor];
};

export function eraOf(sklearn: string): Era {
  const [major, minor] = minorOf(sklearn);
  return eras.find(({ until }) => major < until[0] || (major === until[0] && minor <= until[1])) ?? eras[0];
}

/** What a model that names no scikit-learn is served with: by the version of xgboost that wrote it. */
export function sklearnBeside(xgboost: string): string {
  const [major, minor] = minorOf(xgboost);
  if (major === 0) return "0.21.3";
  return major < 2 || (major === 2 && minor === 0) ? "1.4.2" : "1.6.1";
}
