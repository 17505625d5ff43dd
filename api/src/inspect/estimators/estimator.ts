import type { Instance } from "../../pickle/value";
import { trace } from "../columns/trace";
import type { Estimator, Thing } from "../inspection";
import { answersOf } from "./answers";
import { libraryOf, nameOf } from "./class-name";
import { classesOf } from "./classes";
import { isSampler, kindOf } from "./kinds";
import { namesOf } from "./names";
import { isSearch, partsOf } from "./parts";
import { cellsOf, instanceOf, textOf } from "./read-value";
import { settingsOf } from "./settings";
import { isResult, toResult } from "./statsmodels";
import { takesOf } from "./takes";
import { versionsIn } from "./versions";
import { widthOf } from "./width";

/** Whether it is one that is known here, with all that is asked of an estimator. */
export function isEstimator(instance: Instance): boolean {
  const library = libraryOf(instance.class);
  const isKnown = kindOf(instance.class) !== undefined || isComposite(instance) || isBooster(instance.class);
  if (library === "statsmodels") return isResult(instance.class);
  if (library !== "other") return isKnown || textOf(instance.attribute("_sklearn_version")) !== undefined;
  return isKnown && ["category_encoders", "umap"].includes(instance.class.split(".", 1)[0] ?? "");
}

const isComposite = (instance: Instance): boolean => {
  const name = nameOf(instance.class);
  return name === "Pipeline" || isSearch(name) || partsOf(instance).length > 0;
};

const isBooster = (className: string): boolean => /^(?:xgboost|lightgbm)\..*\bBooster$/.test(className);

export type ToThing = (value: Instance["state"]) => Thing;

export function toEstimator(instance: Instance, toThing: ToThing): Estimator {
  if (isResult(instance.class)) return toResult(instance);
  const { inputs, makes } = trace(instance);
  const answers = answersOf(instance);
  const transforms = answers.includes("transform");
  return {
    kind: "estimator",
    class: instance.class,
    library: libraryOf(instance.class),
    version: versionOf(instance),
    role: roleOf(instance),
    takes: takesOf(instance, inputs),
    answers,
    width: widthOf(instance) ?? (inputs.length > 0 ? inputs.length : undefined),
    makes: transforms && makes !== undefined && makes.length > 0 ? makes.length : undefined,
    names: namesOf(instance),
    classes: classesOf(instance),
    inputs,
    parts: partsOf(instance).map(({ name, value, columns }) => {
      const cells = cellsOf(columns, 1_000) ?? single(textOf(columns));
      return { name, thing: toThing(value), ...(cells === undefined ? {} : { columns: cells }) };
    }),
    settings: settingsOf(instance),
  };
}

const single = (name: string | undefined): string[] | undefined => (name === undefined ? undefined : [name]);

function versionOf(instance: Instance): string | undefined {
  const { outermost, xgboost } = versionsIn(instance, 300);
  return libraryOf(instance.class) === "xgboost" ? xgboost : outermost;
}

/** A Pipeline is what its last step is, a search what it found. */
function roleOf(instance: Instance): Estimator["role"] {
  const name = nameOf(instance.class);
  const known = kindOf(instance.class);
  if (known !== undefined) return known.role;
  const parts = partsOf(instance);
  const inner = instanceOf((name === "Pipeline" ? parts.at(-1) : parts[0])?.value);
  if (name.startsWith("RFE") || name === "SelectFromModel" || isSampler(instance.class)) return "transformer";
  if (inner !== undefined) return roleOf(inner);
  return answersOf(instance).includes("predict") ? "predictor" : "transformer";
}
