import { readRequirement } from "../../bundle/requirement";
import type { FolderInspection } from "../../inspect/inspection";
import { type Era, eraOf, minorOf, sklearnBeside } from "./eras";
import { parseRequirement, type Requirement } from "./requirements-text";
import { compareVersions, exactOf, satisfies } from "./versions";
import type { Asked, Written } from "./written";

/** One way to make the environment; the next is tried where the index has no wheels for it. */
export interface EnvironmentPlan {
  readonly python: string;
  readonly requirements: readonly Requirement[];
  readonly notes: readonly string[];
}

export interface EnvironmentWishes {
  /** Handed over as a DataFrame. */
  readonly needsPandas: boolean;
  readonly python: string | undefined;
  /** `nltk==3.8`, as pip would read it. */
  readonly requirements: readonly string[];
}

const MOST_PYTHONS = 3;

/** Best first. The version in the stream beats requirements.txt; where neither says, the era does. */
export function planEnvironments(
  written: Written,
  folder: Pick<FolderInspection, "requirements" | "python">,
  wishes: EnvironmentWishes,
): EnvironmentPlan[] {
  const asked = folder.requirements.filter(({ name, spec }) => readRequirement(name + spec) !== undefined);
  const anchor = anchorOf(written, asked);
  const era = eraOf(anchor.version);
  const { pythons, notes } = pythonsOf(era, anchor.version, written, folder.python, wishes.python);
  const isWhole = folder.python !== undefined && pythons[0] === minorText(folder.python.version);
  const common = { written, era, anchor, asked, wishes };
  const bare = requirementsOf({ ...common, pins: "none" });
  const pinned = requirementsOf({ ...common, pins: isWhole ? "all" : "fitting" });
  const [first = era.pythons[0]] = pythons;
  const all = [...written.notes, ...anchor.notes, ...notes];
  const isSame = JSON.stringify(bare.lines) === JSON.stringify(pinned.lines);
  return [
    { python: first, requirements: pinned.lines, notes: [...all, ...pinned.notes] },
    ...(isSame ? [] : [{ python: first, requirements: bare.lines, notes: [...all, ...bare.notes] }]),
    ...pythons
      .slice(1, MOST_PYTHONS)
      .map((python) => ({ python, requirements: bare.lines, notes: [...all, ...bare.notes] })),
  ];
}

interface Anchor {
  /** Of scikit-learn: the version whose era the other packages come from. */
  readonly version: string;
  readonly why: string;
  readonly notes: readonly string[];
}

function anchorOf(written: Written, asked: readonly Asked[]): Anchor {
  const wanted = askedFor(asked, "scikit-learn");
  const exact = wanted && exactOf(wanted.spec);
  const { sklearn, xgboost } = written;
  if (sklearn !== undefined) {
    const differs = wanted !== undefined && wanted.spec !== "" && !satisfies(sklearn, wanted.spec);
    const notes = differs
      ? [`${wanted.file} asks for scikit-learn${wanted.spec}, but ${sklearn} wrote the pickles: ${sklearn} is taken.`]
      : [];
    return { version: sklearn, why: "it wrote the pickles", notes };
  }
  if (exact !== undefined) return { version: exact, why: `${wanted?.file ?? ""} says so`, notes: [] };
  const version = xgboost === undefined ? guessedSklearn(written) : sklearnBeside(xgboost);
  const isGuess = written.packages.has("scikit-learn");
  const why = xgboost === undefined ? "a guess: nothing says which" : `goes with xgboost ${xgboost}`;
  const notes = isGuess ? [`No file says which scikit-learn it was: ${version} is taken (${why}).`] : [];
  return { version, why, notes };
}

/** LightGBM's classes of before 4.0 say no version and do not run under 4.0; those of 4.0 write another format. */
const isBeforeLightgbm4 = ({ lightgbmFormat }: Written): boolean => /^v[123]$/.test(lightgbmFormat ?? "");

const guessedSklearn = (written: Written): string =>
  written.numpyMajor === 2 ? "1.6.1" : isBeforeLightgbm4(written) ? "1.0.2" : "1.4.2";

function pythonsOf(
  era: Era,
  sklearn: string,
  { protocol }: Written,
  file: FolderInspection["python"],
  wished: string | undefined,
): { pythons: readonly string[]; notes: string[] } {
  if (wished !== undefined) return { pythons: [wished], notes: [] };
  const fitting = era.pythons.filter((python) => protocol < 5 || python !== "3.7" || era.pythons.length === 1);
  if (file === undefined) return { pythons: fitting, notes: [] };
  const own = minorText(file.version);
  if (fitting.includes(own)) return { pythons: [own, ...fitting.filter((python) => python !== own)], notes: [] };
  const note = `${file.file} says Python ${file.version}, for which scikit-learn ${sklearn} has no wheels: Python ${fitting[0] ?? ""} is taken.`;
  return { pythons: fitting, notes: [note] };
}

const minorText = (version: string): string => minorOf(version).join(".");

interface Lines {
  readonly written: Written;
  readonly era: Era;
  readonly anchor: Anchor;
  readonly asked: readonly Asked[];
  readonly wishes: EnvironmentWishes;
  /** Which exact versions of requirements.txt are taken: those within the era's bounds, or all. */
  readonly pins: "none" | "fitting" | "all";
}

function requirementsOf(given: Lines): { lines: Requirement[]; notes: string[] } {
  const { written, anchor, wishes } = given;
  const names = new Set(["numpy", ...written.packages]);
  const own = wishes.requirements.map(parseRequirement);
  if (names.has("scikit-learn") || names.has("statsmodels")) names.add("scipy").add("joblib");
  if (!names.has("scikit-learn") && !written.packages.has("joblib")) names.delete("joblib");
  if (wishes.needsPandas || names.has("statsmodels")) names.add("pandas");
  if (asksSetuptools(written, anchor.version)) names.add("setuptools");
  const notes: string[] = [];
  const lines = [...names].toSorted(byImportance).flatMap((name): Requirement[] => {
    if (own.some((requirement) => requirement.name === name)) return [];
    if (name === "scikit-learn")
      return [{ name, spec: `==${anchor.version}`, why: anchor.why, from: written.from[name] }];
    return [lineOf(name, given, notes)];
  });
  return { lines: [...lines, ...own], notes };
}

function lineOf(name: string, { written, era, anchor, asked, pins }: Lines, notes: string[]): Requirement {
  const stream = { xgboost: written.xgboost, lightgbm: written.lightgbm }[name];
  const wanted = askedFor(asked, name);
  if (stream !== undefined) {
    if (wanted !== undefined && !satisfies(stream, wanted.spec))
      notes.push(`${wanted.file} asks for ${name}${wanted.spec}, but ${stream} wrote the pickles: ${stream} is taken.`);
    return {
      name,
      spec: `==${stream}`,
      why: "it wrote the pickles",
      from: written.from[name as keyof Written["from"]],
    };
  }
  const bound = boundOf(name, written, era, anchor.version);
  const exact = wanted && exactOf(wanted.spec);
  const why = name === "joblib" && written.alignedArrays ? ALIGNED : `of the days of scikit-learn ${anchor.version}`;
  if (exact === undefined || pins === "none") {
    const range = bound === "" && wanted !== undefined && exact === undefined ? wanted.spec : bound;
    return { name, spec: range, why: range === "" ? "the newest that fits" : why };
  }
  if (pins === "all" || satisfies(exact, bound))
    return { name, spec: `==${exact}`, why: `${wanted?.file ?? ""} says so` };
  notes.push(
    `${wanted?.file ?? ""} asks for ${name}==${exact}, which does not go with scikit-learn ${anchor.version}: ${name}${bound} is taken.`,
  );
  return { name, spec: bound, why };
}

const ALIGNED = "1.2 was the first that writes arrays as these pickles have them";

/** They import pkg_resources, which came with every Python of their days. */
const asksSetuptools = ({ packages, xgboost }: Written, sklearn: string): boolean =>
  packages.has("xgboost") && compareVersions(xgboost ?? (compareVersions(sklearn, "1.1") < 0 ? "1.6" : "2"), "1.7") < 0;

/** An empty text: any version will do. */
function boundOf(name: string, written: Written, era: Era, sklearn: string): string {
  const { numpyMajor } = written;
  if (name === "numpy") {
    const newest = era.numpy[2] ?? era.numpy[1] ?? "";
    return numpyMajor === undefined ? newest : (era.numpy[numpyMajor] ?? newest);
  }
  if (name === "lightgbm" && isBeforeLightgbm4(written) && satisfies("4.0", era.boosters.lightgbm)) return "<4";
  if (name === "xgboost" || name === "lightgbm" || name === "catboost") return era.boosters[name];
  if (name === "statsmodels") return era.statsmodels;
  // The last that ran on Python 3.7 under these names.
  if (name === "dill") return era.pythons[0] === "3.7" ? "==0.3.3" : "";
  if (name === "setuptools") return "<81";
  if (name === "category-encoders") return compareVersions(sklearn, "1.6") < 0 ? "<2.7" : "";
  if (name === "joblib" && written.alignedArrays) return joblibSince12(era.bounds[name]);
  return era.bounds[name] ?? "";
}

/** What the pickles need beats what was current; joblib 1.2 and later goes with every scikit-learn. */
const joblibSince12 = (bound = ""): string => (bound !== "" && satisfies("1.2.0", bound) ? `>=1.2,${bound}` : ">=1.2");

const ORDER = ["scikit-learn", "xgboost", "lightgbm", "catboost", "statsmodels", "numpy", "scipy", "pandas", "joblib"];
const place = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
const byImportance = (a: string, b: string): number => place(a) - place(b) || (a < b ? -1 : 1);

const askedFor = (asked: readonly Asked[], name: string): Asked | undefined => asked.find((one) => one.name === name);
