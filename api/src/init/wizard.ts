import type { Chain, FolderInspection } from "../inspect/inspection";
import { listText } from "../inspect/print/say";
import type { Answers } from "./answers";
import { estimatorAt, isSamePlace, placeText } from "./chain/place";
import { madeOneHot } from "./plan/made-one-hot";
import type { BundlePlan } from "./plan/plan";
import type { Wizard } from "./result";

/** Which of several models; the best guess stands first. */
export async function askPredictor(inspection: FolderInspection, answers: Answers, wizard: Wizard): Promise<Answers> {
  const chains = inspection.chains.filter(
    (chain, i, all) => all.findIndex((other) => isSamePlace(other.predictor, chain.predictor)) === i,
  );
  if (chains.length < 2 || answers.predictor !== undefined) return answers;
  const choices = chains.map(({ predictor, transformers }) => {
    const kind = estimatorAt(inspection, predictor)?.class.split(".").at(-1) ?? "";
    const after = transformers.length === 0 ? "" : `, after ${transformers.map(placeText).join(", ")}`;
    return `${placeText(predictor)} (${kind}${after})`;
  });
  const chosen = chains[await wizard.choose({ message: "Which model is to be served?", choices })];
  return chosen === undefined ? answers : { ...answers, predictor: chosen.predictor };
}

/** What the columns are called, where no file says: the order of the training is all that matters. */
export async function askColumns(chain: Chain, answers: Answers, hasSample: boolean, wizard: Wizard): Promise<Answers> {
  const width = chain.inputs.length;
  const isKnown = chain.inputs.some(({ name }) => name !== undefined) || chain.names !== undefined || hasSample;
  if (isKnown || answers.columns !== undefined || answers.inputs.length > 0 || width < 2 || width > 200) return answers;
  const text = await wizard.ask({
    message: `The model takes ${width} columns and no file names them. Their names, in the order of the training (empty: x0 to x${width - 1}):`,
    default: "",
    validate: (given) => {
      const count = namesIn(given).length;
      return count === 0 || count === width ? true : `${count} names for ${width} columns`;
    },
  });
  const columns = namesIn(text);
  return columns.length === 0 ? answers : { ...answers, columns };
}

/** Columns that training's own code seems to have made one-hot: callers may send what it made them of. */
export async function askOneHot(chain: Chain, answers: Answers, wizard: Wizard): Promise<Answers> {
  const made = madeOneHot(chain.inputs, answers.columns ?? chain.names?.names);
  if (made.length === 0 || answers.oneHot.length > 0) return answers;
  const shown = made.map(({ column, values }) => `${column} (${listText(values)})`).join("; ");
  const text = await wizard.ask({
    message: `It looks as if columns had been made one-hot: ${shown}. Which of them are callers to send as one column with its value (${made.map(({ column }) => column).join(",")}; empty: none, they send every 0 and 1 themselves)?`,
    default: "",
    validate: (given) => {
      const unknown = namesIn(given).filter((name) => made.every(({ column }) => column !== name));
      return unknown.length === 0 ? true : `${unknown.join(", ")}: there is no such column`;
    },
  });
  const oneHot = namesIn(text);
  return oneHot.length === 0 ? answers : { ...answers, oneHot };
}

const namesIn = (text: string): string[] =>
  text.split(",").map((name) => name.trim()).filter(Boolean); // prettier-ignore

/** Texts for classes that are numbers, and from which probability on the answer is yes. */
export async function askAnswers(
  inspection: FolderInspection,
  chain: Chain,
  answers: Answers,
  wizard: Wizard,
): Promise<Answers> {
  const predictor = estimatorAt(inspection, chain.predictor);
  const classes = predictor?.classes;
  if (predictor === undefined || classes === undefined || classes.length > 20) return answers;
  const areNumbers = classes.every((value) => typeof value === "number");
  const isUntold = areNumbers && answers.labels.length === 0 && chain.labels === undefined;
  const labels = isUntold ? await askLabels(classes.map(String), wizard) : answers.labels;
  const isBinary = classes.length === 2 && predictor.answers.includes("predict_proba");
  const threshold = isBinary && answers.threshold === undefined ? await askThreshold(wizard) : answers.threshold;
  return { ...answers, labels, threshold };
}

async function askLabels(classes: readonly string[], wizard: Wizard): Promise<Answers["labels"]> {
  const text = await wizard.ask({
    message: `The classes are ${classes.join(", ")}. What do they mean, in that order (no,yes; empty: numbers will do)?`,
    default: "",
    validate: (given) => {
      const count = namesIn(given).length;
      return count === 0 || count === classes.length ? true : `${count} texts for ${classes.length} classes`;
    },
  });
  return namesIn(text).map((label, i) => ({ value: classes[i], text: label }));
}

async function askThreshold(wizard: Wizard): Promise<number | undefined> {
  const text = await wizard.ask({
    message: "From which probability on is it the second class (empty: as the model itself decides)?",
    default: "",
    validate: (given) =>
      given.trim() === "" || (Number(given) > 0 && Number(given) < 1) ? true : "a number between 0 and 1",
  });
  return text.trim() === "" ? undefined : Number(text);
}

/** A lower-case, stripped text is what many vectorizers were fitted with, and nothing in them says so. */
export async function askCleaning(inspection: FolderInspection, chain: Chain, wizard: Wizard): Promise<boolean> {
  const head = estimatorAt(inspection, chain.transformers[0] ?? chain.predictor);
  if (head?.takes !== "text") return false;
  const choices = [
    "no, texts go in as they are",
    "yes: lower case, letters alone, no stop words, stemmed (as the usual tutorial does)",
  ];
  return (await wizard.choose({ message: "Were the texts cleaned before the training?", choices })) === 1;
}

/** What is about to be written, in a few lines. */
export function planText(plan: BundlePlan): string {
  const inputs = plan.inputs.slice(0, 12).map(({ name, entry }) => `${name} (${entry.type})`);
  const more = plan.inputs.length > inputs.length ? `, … ${plan.inputs.length} in all` : "";
  return [
    `  ${plan.name}: ${plan.description}`,
    `  Python ${plan.python}`,
    `  takes   ${inputs.join(", ")}${more}`,
    `  does    ${plan.steps.map(({ step }) => Object.keys(step)[0] ?? "").join(", ")}`,
    `  answers ${Object.keys(plan.outputs).join(", ")}`,
  ].join("\n");
}
