import type { Place } from "../inspect/inspection";

/** What a person said before `init` looked: every flag of the verb. What is undefined (or empty) is found out, or asked. */
export interface Answers {
  /** Where the bundle is to be: an absolute path. Undefined: a folder of models/, called as the folder is. */
  readonly out: string | undefined;
  readonly name: string | undefined;
  /** A file of rows, csv or json: an absolute path. */
  readonly sample: string | undefined;
  /** What the rows of the sample are to give: an absolute path. */
  readonly expected: string | undefined;
  /** Ask nothing: take what is likeliest. */
  readonly yes: boolean;
  /** Write over a bundle that is there. */
  readonly force: boolean;
  /** `--predictor model.pkl#clf`: files are as written, relative to the folder that is looked at. */
  readonly predictor: Place | undefined;
  readonly transformers: readonly Place[];
  /** `--code preprocessing.py` or `--code __main__=notebook.py`: `file` is an absolute path. */
  readonly code: readonly { readonly module: string | undefined; readonly file: string }[];
  /** `--require nltk==3.8`, as pip would read it. */
  readonly requirements: readonly string[];
  /** major.minor */
  readonly python: string | undefined;
  /** `--input 'x{0..4}={type: number, null: nan}'`: the entry as YAML reads it. */
  readonly inputs: readonly { readonly pattern: string; readonly entry: unknown }[];
  readonly oneHot: readonly string[];
  /** In the order of the artifact's columns. */
  readonly columns: readonly string[] | undefined;
  readonly select: Place | undefined;
  /** `--labels no,yes` is for 0 and 1, or for the classes in their order; `--labels 0=no,1=yes` says which. */
  readonly labels: readonly { readonly value: string | undefined; readonly text: string }[];
  readonly threshold: number | undefined;
  readonly positive: string | undefined;
}
