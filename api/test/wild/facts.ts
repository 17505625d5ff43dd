import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What was found out of a public repository's pickles: see the README beside the folders. */
export interface Facts {
  readonly repo: string;
  readonly kind: string;
  readonly files: Readonly<Record<string, FileFacts>>;
  readonly runs: readonly Run[];
  readonly predicts: boolean;
  readonly n_features: Readonly<Record<string, number>>;
  readonly feature_names: Readonly<Record<string, readonly string[]>>;
  /** Custom code without which nothing loads: `module.name`. */
  readonly blocked_by: readonly string[];
}

export interface FileFacts {
  readonly container: string;
  readonly compression: string | null;
  readonly protocol: readonly number[];
  readonly sklearn_versions: readonly string[];
  readonly xgboost_version: string | null;
  readonly globals: readonly string[];
  readonly structure: Structure | null;
}

export interface Structure {
  readonly class?: string;
  readonly dict?: Readonly<Record<string, Structure | string>>;
  readonly n_features_in_?: number;
  readonly feature_names_in_?: readonly string[] | string;
  readonly classes_?: readonly unknown[] | string;
}

interface Run {
  readonly artifacts: Readonly<Record<string, Called>>;
  readonly chains: readonly Chain[];
}

type Row = string | readonly unknown[] | Readonly<Record<string, unknown>>;
type Cells = readonly unknown[];

interface Called {
  readonly class?: string;
  readonly rows?: readonly Row[] | null;
  readonly calls?: Readonly<Record<string, Call>>;
}

interface Chain extends Called {
  readonly transform: string;
  readonly model: string;
}

interface Call {
  readonly out?: { readonly dtype?: string; readonly values?: Cells };
}

/** Rows with what a predictor, or a transformer and a predictor, made of them. Files are named `file` or `file#key`. */
export interface Expectation {
  readonly transformer: string | undefined;
  readonly predictor: string;
  readonly class: string;
  readonly rows: readonly Row[];
  readonly outputs: Readonly<Record<string, { readonly dtype: string; readonly values: Cells }>>;
}

export interface Repository {
  readonly name: string;
  readonly folder: string;
  readonly facts: Facts;
}

export function readRepositories(folder: string): Repository[] {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "facts.json")));
  return names.toSorted().map((name) => ({
    name,
    folder: join(folder, name),
    facts: JSON.parse(readFileSync(join(folder, name, "facts.json"), "utf8")) as Facts,
  }));
}

/** The chains; where there is none, the predictors called on their own. */
export function expectationsOf({ runs }: Facts): Expectation[] {
  const chains = runs.flatMap(({ artifacts, chains }) =>
    chains.map((chain) => ({
      ...calledWith(chain),
      transformer: chain.transform,
      predictor: chain.model,
      class: artifacts[chain.model]?.class ?? "",
    })),
  );
  const alone = runs.flatMap(({ artifacts }) =>
    Object.entries(artifacts)
      .filter(([, { calls }]) => calls?.["predict"])
      .map(([file, called]) => ({
        ...calledWith(called),
        transformer: undefined,
        predictor: file,
        class: called.class ?? "",
      })),
  );
  return chains.length > 0 ? chains : alone;
}

const METHODS = ["predict", "predict_proba", "decision_function"];

function calledWith({ rows, calls = {} }: Called): Pick<Expectation, "rows" | "outputs"> {
  const outputs = METHODS.flatMap((method) => {
    const { dtype, values } = calls[method]?.out ?? {};
    return dtype === undefined || values === undefined ? [] : [[method, { dtype, values }] as const];
  });
  return { rows: rows ?? [], outputs: Object.fromEntries(outputs) };
}
