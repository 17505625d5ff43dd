import type { Argv, CommandModule } from "yargs";

/** The flags as yargs gives them; init-answers.ts reads them. */
export interface InitFlags {
  readonly folder: string;
  readonly out: string | undefined;
  readonly name: string | undefined;
  readonly sample: string | undefined;
  readonly expected: string | undefined;
  readonly yes: boolean;
  readonly force: boolean;
  readonly json: boolean;
  readonly predictor: string | undefined;
  readonly transformer: readonly string[] | undefined;
  readonly code: readonly string[] | undefined;
  readonly require: readonly string[] | undefined;
  readonly python: string | undefined;
  readonly input: readonly string[] | undefined;
  readonly oneHot: string | undefined;
  readonly columns: string | undefined;
  readonly select: string | undefined;
  readonly labels: string | undefined;
  readonly threshold: string | undefined;
  readonly positive: string | undefined;
}

const one = (describe: string) => ({ type: "string", requiresArg: true, describe }) as const;
const many = (describe: string) => ({ ...one(`${describe} (may be given several times)`), array: true }) as const;

/** What a person can say beforehand. Everything else is found out, or asked. */
const addOptions = (yargs: Argv) =>
  yargs
    .option("out", one("where the bundle is to be (models/<folder's name>)"))
    .option("name", one("what it is called in addresses (the folder's name)"))
    .option("sample", one("rows, csv or json: types and defaults are read from them, and the proof uses them"))
    .option("expected", one("what the sample's rows are to give: compared before anything is written"))
    .option("yes", { type: "boolean", default: false, alias: "y", describe: "ask nothing, take what is likeliest" })
    .option("force", { type: "boolean", default: false, describe: "write over the bundle that is there" })
    .option("json", { type: "boolean", default: false, describe: "the result, or the findings, as one JSON object" });

const addOptionsOfArtifacts = (yargs: Argv) =>
  yargs
    .option("predictor", one("the artifact that answers: FILE, or FILE#key inside a dict"))
    .option("transformer", many("an artifact before it: FILE or FILE#key, in order"))
    .option("select", one("FILE or FILE#key: the artifact that lists the columns the predictor takes"))
    .option("code", many("a module of your own that the pickles need: FILE, or module=FILE (__main__=notebook.py)"))
    .option("require", many("a package of the index to install: NAME or NAME==VERSION"))
    .option("python", one("major.minor of the Python that wrote the pickles"));

const addOptionsOfColumns = (yargs: Argv) =>
  yargs
    .option("columns", one("the columns' names in the training's order: a,b,c or a JSON file with a list"))
    .option("input", many("NAME=TYPE or NAME={type: …}, as in model.yaml; NAME may be x{0..4}"))
    .option("one-hot", one("columns that become dummies: a,b,c"))
    .option("labels", one("texts for the classes: no,yes or 0=no,1=yes"))
    .option("threshold", one("of the probability, for the class"))
    .option("positive", one("the class that the probability is of"));

export const init: CommandModule<object, InitFlags> = {
  command: "init <folder>",
  describe: "a bundle of a folder of pickles: manifest, lock, environment, samples, proof",
  builder: (yargs) =>
    addOptionsOfColumns(addOptionsOfArtifacts(addOptions(yargs)))
      .positional("folder", {
        type: "string",
        demandOption: true,
        describe: "where the pickles are; nothing in it is changed",
      })
      .example("$0 init mine/", "asks what no file can tell")
      .example("$0 init mine/ --yes --sample rows.csv", "asks nothing; types come from the rows")
      .example(
        "$0 init mine/ --predictor model.pkl#clf --code __main__=notebook.py",
        "a dict of things, and a class of your own",
      )
      .example(
        "$0 init mine/ --input 'age=integer' --input 'day={type: category, values: [mon, tue]}' --labels no,yes",
        "what the pickles do not say",
      ) as unknown as Argv<InitFlags>,
  handler: async (flags) => {
    const { initFolder } = await import("./init-folder.js");
    await initFolder(flags);
  },
};
