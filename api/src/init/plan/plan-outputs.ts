import type { Method } from "../../inspect/inspection";
import type { Cell } from "../../pickle/value";
import type { Answers } from "../answers";
import type { Yaml } from "../manifest/yaml-text";
import { failed } from "../result";
import type { PlannedOutput, PlannedStep } from "./plan";

export interface OutputsWanted {
  readonly methods: readonly Method[];
  readonly classes: readonly Cell[] | undefined;
  readonly isClusterer: boolean;
  readonly answers: Pick<Answers, "labels" | "threshold" | "positive">;
  /** Where the labels come from, if not from a person. */
  readonly labelsComment?: string | undefined;
}

export interface PlannedOutputs {
  /** After the predictor's own. */
  readonly steps: readonly PlannedStep[];
  readonly outputs: Readonly<Record<string, PlannedOutput>>;
  readonly fields: Readonly<Record<string, Yaml>>;
}

/** More columns than this are a list, not a key each. */
const MOST_KEYS = 30;

/** What a prediction holds, and the record that a caller of /predict receives. */
export function planOutputs(wanted: OutputsWanted): PlannedOutputs {
  const { methods, classes, answers } = wanted;
  const hasProbabilities = methods.includes("predict_proba");
  const hasPositive = hasProbabilities && !(wanted.isClusterer && answers.positive === undefined);
  const positive = hasPositive ? positiveColumn(classes, answers.positive) : undefined;
  const isAlone = !hasProbabilities && answers.threshold !== undefined && classes === undefined;
  const steps: PlannedStep[] = [];
  const outputs: Record<string, PlannedOutput> = {};
  const fields: Record<string, Yaml> = {};
  const show = (name: string, output: PlannedOutput = name): void => {
    outputs[name] = output;
    fields[name] = { output: name };
  };
  const main = isAlone ? "probability" : wanted.isClusterer ? "cluster" : "prediction";
  let labelled = "prediction";
  if (methods.includes("predict")) show(main, "prediction");
  if (answers.threshold !== undefined) {
    checkThreshold(wanted, positive);
    const column = positive === undefined ? {} : { column: positive };
    const from = positive === undefined ? scoreOf(methods) : "probabilities";
    steps.push({ step: { threshold: from, ...column, at_least: answers.threshold, output: "class" } });
    show("class");
    labelled = "class";
  }
  if (answers.labels.length > 0) {
    const isOfClass = labelled === "class";
    const labels = isOfClass ? labelsOfThreshold(answers.labels, classes, positive) : answers.labels;
    const map = labelMap(labels, isOfClass ? [0, 1] : classes);
    steps.push({ step: { labels: labelled, map, output: "label" }, ...withComment(wanted.labelsComment) });
    show("label");
  }
  if (positive !== undefined) show("probability", { from: "probabilities", column: positive });
  if (hasProbabilities) {
    outputs["probabilities"] = "probabilities";
    if (positive === undefined) Object.assign(fields, spreadFields(classes, Object.keys(fields)));
  }
  if (methods.includes("decision_function")) show("score");
  return { steps, outputs, fields };
}

const withComment = (comment: string | undefined): Pick<PlannedStep, "comment"> =>
  comment === undefined ? {} : { comment };

const scoreOf = (methods: readonly Method[]): string =>
  methods.includes("decision_function") ? "score" : "prediction";

/** A threshold is of a number: of three classes no one number is meant, and a label is none. */
function checkThreshold({ methods, classes }: OutputsWanted, positive: number | undefined): void {
  if (classes === undefined || positive !== undefined) return;
  if (methods.includes("predict_proba"))
    throw failed(
      "usage",
      `The model has ${classes.length} classes: --threshold does not say of which.`,
      `Say of which class: --positive with one of ${classes.slice(0, MOST_KEYS).map(String).join(", ")}.`,
    );
  if (classes.length === 2 && methods.includes("decision_function")) return;
  throw failed(
    "usage",
    "The model gives classes without a probability: there is nothing for --threshold.",
    "Leave --threshold out.",
  );
}

/** Of two classes: the second, or the one that is named. Of more: only one that is named. */
function positiveColumn(classes: readonly Cell[] | undefined, named: string | undefined): number | undefined {
  if (named === undefined) return classes === undefined || classes.length === 2 ? 1 : undefined;
  const place = classes?.findIndex((value) => String(value) === named) ?? -1;
  if (place >= 0) return place;
  throw failed(
    "usage",
    `--positive ${named} is none of the classes.`,
    `They are ${(classes ?? []).map(String).join(", ") || "unknown"}.`,
  );
}

/** A key a class where classes are texts; numbers would be mistaken for places. */
function spreadFields(classes: readonly Cell[] | undefined, taken: readonly string[]): Record<string, Yaml> {
  const areWords =
    classes !== undefined &&
    classes.length <= MOST_KEYS &&
    classes.every((value) => typeof value === "string" && value !== "" && !taken.includes(value));
  if (areWords) return { "*": { spread: "probabilities" } };
  return {
    probabilities: { output: "probabilities" },
    ...(classes && classes.length <= MOST_KEYS && { classes: { columns_of: "probabilities" } }),
  };
}

/** What is said of the model's two classes, said of 0 and 1 as a threshold gives them. */
function labelsOfThreshold(
  labels: Answers["labels"],
  classes: readonly Cell[] | undefined,
  positive: number | undefined,
): Answers["labels"] {
  if (classes?.length !== 2 || positive === undefined) return labels;
  return labels.map(({ value, text }, i) => {
    const place = value === undefined ? i : classes.findIndex((one) => String(one) === value);
    return place < 0 || place > 1 ? { value, text } : { value: place === positive ? "1" : "0", text };
  });
}

function labelMap(labels: Answers["labels"], values: readonly Cell[] | undefined): Record<string, string> {
  const known = values ?? labels.map((_, i) => i);
  const own = new Map<string, string>(known.map((value) => [String(value), String(value)]));
  if (labels.length > known.length)
    throw failed(
      "usage",
      `There are ${labels.length} labels for ${known.length} values.`,
      `The values are ${known.map(String).join(", ")}.`,
    );
  labels.forEach(({ value, text }, i) => {
    const key = value ?? String(known[i]);
    if (values !== undefined && !own.has(key))
      throw failed(
        "usage",
        `There is no ${key} to be called ${text}.`,
        `The values are ${known.map(String).join(", ")}.`,
      );
    own.set(key, text);
  });
  return Object.fromEntries(own);
}
