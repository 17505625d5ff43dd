import type { Cell } from "../pickle/value";
import type { Danger, Reading } from "../pickle/reading";
import type { OwnCode } from "./code-flag";

export interface InspectOptions {
  /** Modules whose own code is given, and so is not foreign. */
  readonly code?: ReadonlySet<string>;
  /** Where the files of other modules may be. */
  readonly own?: OwnCode;
}

export type Method = "predict" | "predict_proba" | "decision_function" | "transform";

/** What is known of one column that an estimator takes. */
export interface InputFact {
  /** Undefined: only its place is known. */
  readonly name: string | undefined;
  readonly place: number;
  /** `unused`: the artifact wants to see the column and drops it. `unknown`: a number, as far as can be told. */
  readonly type: "number" | "category" | "text" | "unused" | "unknown";
  readonly categories?: readonly Cell[];
  /** What takes it takes the places of the categories, from 0, as pandas' codes are. */
  readonly coded?: true;
  /** A missing value is imputed or otherwise taken. */
  readonly nullable: boolean;
  /** What its encoder does with a value that it was not fitted with. */
  readonly unknown?: "error" | "ignored";
  /** From a MinMaxScaler or a HistGradientBoosting's bins, … */
  readonly range?: readonly [low: number, high: number];
  /** A value in the middle of what was seen: a scaler's mean, an imputer's statistic. */
  readonly typical?: number;
  /** Where trees split it, in order: some, the lowest and the highest among them. */
  readonly thresholds?: readonly number[];
}

/** A fitted estimator as a person thinks of it. */
export interface Estimator {
  readonly kind: "estimator";
  /** module.Name */
  readonly class: string;
  readonly library: "sklearn" | "xgboost" | "lightgbm" | "catboost" | "statsmodels" | "imblearn" | "other";
  /** As its own state says; undefined where it does not. */
  readonly version: string | undefined;
  readonly role: "predictor" | "transformer" | "label-encoder";
  /** What it is handed: rows of numbers, a table with named columns of any type, one text a row, labels. */
  readonly takes: "numbers" | "table" | "text" | "labels";
  readonly answers: readonly Method[];
  /** How many columns it takes (1 for text); undefined where only running it would tell. */
  readonly width: number | undefined;
  /** How many columns its transform makes. */
  readonly makes: number | undefined;
  /** Its own names of its columns: feature_names_in_, the booster's, … */
  readonly names: readonly string[] | undefined;
  readonly classes: readonly Cell[] | undefined;
  readonly inputs: readonly InputFact[];
  /** A Pipeline's steps, a ColumnTransformer's transformers, a search's best estimator, an ensemble's base. */
  readonly parts: readonly { readonly name: string; readonly thing: Thing; readonly columns?: readonly Cell[] }[];
  /** The few settings that a person asks about: loss, handle_unknown, max_iter, func; LightGBM's format. */
  readonly settings: Readonly<Record<string, Cell>>;
}

/** What is in a file, as a person thinks of it. */
export type Thing =
  | Estimator
  | { readonly kind: "dict"; readonly entries: readonly (readonly [key: string | number, thing: Thing])[] }
  | {
      readonly kind: "list";
      readonly length: number;
      readonly first: readonly Thing[];
      readonly texts?: readonly string[];
    }
  | {
      readonly kind: "array";
      readonly dtype: string;
      readonly shape: readonly number[];
      readonly texts?: readonly string[];
    }
  | { readonly kind: "value"; readonly value: Cell }
  /** A class or function that is not the library's: custom code. */
  | { readonly kind: "foreign"; readonly class: string }
  | { readonly kind: "other"; readonly class: string };

/** A thing within a file: the file, and the keys that lead to it. */
export interface Place {
  readonly file: string;
  readonly key: readonly (string | number)[];
}

export interface FileInspection extends Omit<Reading, "root"> {
  /** Relative to the folder that was inspected, with `/`. */
  readonly file: string;
  readonly thing: Thing | undefined;
  readonly versions: {
    /** Every one that stands in the stream, sorted. */
    readonly sklearn: readonly string[];
    /** The outermost estimator's. */
    readonly outermost: string | undefined;
    readonly xgboost: string | undefined;
    /** Its booster says no version: 0.90 was the last that did not. */
    readonly isXgboostBefore1?: true;
    /** `v3`: a LightGBM booster says no version, but 4.0 was the first to write v4. */
    readonly lightgbmFormat?: string;
    /** Texts in the place of a version that are none: nothing is installed by them. */
    readonly none?: readonly string[];
    readonly lightgbm: string | undefined;
    /** By numpy._core against numpy.core. */
    readonly numpyMajor: 1 | 2 | undefined;
  };
  /** Other libraries that its globals name: dill, pandas, imblearn, nltk… */
  readonly libraries: readonly string[];
  /** `module.name` of custom code, with what to provide. */
  readonly foreign: readonly { readonly global: string; readonly remedy: string }[];
  /** Relative path of an earlier file with the very same bytes. */
  readonly sameAs?: string;
}

/** Files that belong together: the transformers in order, then what predicts. */
export interface Chain {
  readonly predictor: Place;
  /** `columns`: a transformer of some of the columns alone, by name. */
  readonly transformers: readonly (Place & { readonly columns?: readonly string[] })[];
  /** The transformers take columns of their own each, and what they make stands side by side, in their order. */
  readonly parallel?: true;
  /** A dict {column: LabelEncoder}, whose columns are among the inputs. */
  readonly encoders: readonly (Place & { readonly column: string; readonly classes: readonly Cell[] })[];
  /** A LabelEncoder of the answer, or a list of its classes: the names of what the predictor numbers. */
  readonly labels?: (Place & { readonly classes: readonly Cell[] }) | undefined;
  /** A scaler that was fitted with the answer: what the predictor says is in its units. */
  readonly answerScaler?: Place | undefined;
  /** Names of the columns that a side file gives (features.pkl, feature_names.json), where no artifact has them. */
  readonly names?: { readonly from: string; readonly names: readonly string[] };
  /** A list of names in an artifact (or a side file) that picks the predictor's columns out of more. */
  readonly select?: Place & { readonly names: readonly string[] };
  /**
   * The columns that callers must send, traced through the transformers. Empty where there are more than 10,000 (a
   * predictor behind a vectorizer that is not there: its width says how many), or where only running it would tell.
   */
  readonly inputs: readonly InputFact[];
  /** Why they belong together, a sentence each. */
  readonly reasons: readonly string[];
  /** Something that only running it, or a person, can tell; empty: sure. */
  readonly doubts: readonly string[];
}

export interface Finding {
  readonly code:
    | "unreadable" // no pickle, damaged, an LFS pointer
    | "dangerous"
    | "custom-code"
    | "no-estimator" // data alone
    | "no-predictor" // transformers alone
    | "several-predictors"
    | "version-differs"; // requirements.txt says another version than the stream
  readonly file: string | undefined;
  readonly message: string;
  readonly remedy: string;
}

export interface FolderInspection {
  readonly folder: string;
  readonly files: readonly FileInspection[];
  /** Best first; one per predictor, and more where several transformers fit. */
  readonly chains: readonly Chain[];
  /** requirements.txt, environment.yml, python-version…: `name` in lower case with `-`, and what it asks for. */
  readonly requirements: readonly { readonly file: string; readonly name: string; readonly spec: string }[];
  readonly python: { readonly file: string; readonly version: string } | undefined;
  /** Python files, which may be the modules that pickles need; absent where a file was looked at by itself. */
  readonly code?: readonly string[];
  readonly findings: readonly Finding[];
}

export type { Danger };
