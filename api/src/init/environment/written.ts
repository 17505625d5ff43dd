import type { FileInspection, FolderInspection } from "../../inspect/inspection";

/** What the files of a chain say of the environment that wrote them. */
export interface Written {
  readonly sklearn: string | undefined;
  readonly xgboost: string | undefined;
  readonly lightgbm: string | undefined;
  readonly lightgbmFormat: string | undefined;
  readonly numpyMajor: 1 | 2 | undefined;
  /** No joblib before 1.2 can read them. */
  readonly alignedArrays: boolean;
  readonly protocol: number;
  /** Names of packages, as the index knows them. */
  readonly packages: ReadonlySet<string>;
  /** Which file says the version of a package. */
  readonly from: Readonly<Record<"scikit-learn" | "xgboost" | "lightgbm", string | undefined>>;
  readonly notes: readonly string[];
}

/** Modules that pickles name, and the package that brings each. */
const PACKAGES: Readonly<Record<string, string>> = {
  sklearn: "scikit-learn",
  _loss: "scikit-learn",
  xgboost: "xgboost",
  lightgbm: "lightgbm",
  catboost: "catboost",
  statsmodels: "statsmodels",
  patsy: "patsy",
  imblearn: "imbalanced-learn",
  category_encoders: "category-encoders",
  dill: "dill",
  cloudpickle: "cloudpickle",
  nltk: "nltk",
  pandas: "pandas",
  joblib: "joblib",
  scipy: "scipy",
};

/** It reads what all the earlier ones wrote. */
const LAST_BEFORE_1 = "0.90";

/** Their scikit-learn classes need scikit-learn itself. */
const BESIDE_SKLEARN = ["xgboost", "lightgbm", "imbalanced-learn", "category-encoders"];

/** @param files the predictor's first */
export function writtenBy(files: readonly FileInspection[]): Written {
  const packages = new Set(
    files.flatMap(({ globals, container }) => [
      ...globals.flatMap((name) => PACKAGES[name.split(".")[0] ?? ""] ?? []),
      ...(container === "joblib" ? ["joblib"] : []),
    ]),
  );
  if (BESIDE_SKLEARN.some((name) => packages.has(name))) packages.add("scikit-learn");
  const majors = files.flatMap(({ versions }) => versions.numpyMajor ?? []);
  const sklearn = firstOf(files, ({ versions }) => versions.outermost ?? versions.sklearn.at(-1));
  const xgboost = firstOf(files, ({ versions }) => versions.xgboost ?? (versions.isXgboostBefore1 && LAST_BEFORE_1));
  const lightgbm = firstOf(files, ({ versions }) => versions.lightgbm);
  return {
    sklearn: sklearn?.version,
    xgboost: xgboost?.version,
    lightgbm: lightgbm?.version,
    from: { "scikit-learn": sklearn?.file, xgboost: xgboost?.file, lightgbm: lightgbm?.file },
    lightgbmFormat: firstOf(files, ({ versions }) => versions.lightgbmFormat)?.version,
    // What numpy 2 wrote, numpy 1 cannot read; the other way round it can.
    numpyMajor: majors.includes(2) ? 2 : majors.includes(1) ? 1 : undefined,
    alignedArrays: files.some(({ alignedArrays }) => alignedArrays),
    protocol: Math.max(0, ...files.map(({ protocol }) => protocol ?? 0)),
    packages,
    notes: files.flatMap((file) => [...noVersion(file), ...otherVersion(file, sklearn)]),
  };
}

function firstOf(
  files: readonly FileInspection[],
  read: (file: FileInspection) => string | undefined,
): { file: string; version: string } | undefined {
  for (const file of files) {
    const version = read(file);
    if (version !== undefined) return { file: file.file, version };
  }
  return undefined;
}

const noVersion = ({ file, versions }: FileInspection): string[] =>
  (versions.none ?? []).map((text) => `${file} says that "${text}" wrote it, which is no version: it is not believed.`);

function otherVersion(
  { file, versions }: FileInspection,
  chosen: { file: string; version: string } | undefined,
): string[] {
  const own = versions.outermost;
  if (own === undefined || chosen === undefined || own === chosen.version) return [];
  return [
    `${file} was written by scikit-learn ${own}, ${chosen.file} by ${chosen.version}: ${chosen.version} is taken for both.`,
  ];
}

export type Asked = FolderInspection["requirements"][number];
