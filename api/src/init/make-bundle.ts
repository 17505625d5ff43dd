import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Chain, InputFact, Method } from "../inspect/inspection";
import type { Answers } from "./answers";
import { copyArtifacts } from "./bundle-folder";
import { estimatorAt, isSamePlace } from "./chain/place";
import { factsOf, formThatRuns, whyNone } from "./choose-form";
import { planEnvironments } from "./environment/plan-environment";
import { writtenBy } from "./environment/written";
import type { Looked } from "./look";
import { manifestText } from "./manifest/write-manifest";
import { doubtsThatHold } from "./plan/doubts";
import { answering, formsOf, type Known, planBundle } from "./plan/plan-bundle";
import { type PlannedInputs, planInputs } from "./plan/plan-inputs";
import type { BundlePlan } from "./plan/plan";
import { asLoaded, isToldByNobody, withSomeColumns } from "./plan/unknown-columns";
import { failed, type InitTools } from "./result";
import { madeUpRows } from "./sample/made-up-rows";
import type { Row } from "./sample/read-sample";
import { rowsOfSample } from "./sample/sample-rows";
import { type EnvironmentFound, findEnvironment } from "./try-environments";

export interface BundleMade {
  readonly plan: BundlePlan;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

const ALL: readonly Method[] = ["predict", "predict_proba", "decision_function"];
const ROWS_TRIED = 8;
const CELLS_TRIED = 2_000_000;

/** From what was read to a folder that can be pinned: the artifacts are loaded, and what they say is believed. */
export async function makeBundle(
  workshop: string,
  name: string,
  looked: Looked,
  tools: InitTools,
): Promise<BundleMade> {
  const begun = withSomeColumns(looked);
  const planned = planInputs(begun);
  const found = await tryAll(workshop, name, looked, planned, tools);
  const chain = chainAsLoaded(looked, found);
  if (chain !== looked.chain) {
    tools.say(`Once loaded, the model says that it takes ${chain.inputs.length} columns`);
    return makeBundle(workshop, name, { ...looked, chain }, tools);
  }
  if (found.form === undefined) throw doesNotRun(looked, whyNone(found.environment.facts, found.plans));
  return finish(workshop, name, begun, planned, { ...found, form: found.form });
}

const chainAsLoaded = ({ chain }: Looked, { environment, likeliest }: Tried): Chain =>
  asLoaded(chain, factsOf(environment.facts, likeliest.artifacts[0]));

const doesNotRun = (looked: Looked, why: string): Error =>
  failed(
    "call",
    `The artifacts load, but do not run: ${why}`,
    isToldByNobody(looked)
      ? "Nothing says what its columns are: name them, in the order of the training, with --columns a,b,c, or give rows with --sample FILE."
      : "Say what comes before the model with --transformer, and what its columns are with --input.",
  );

interface Tried {
  readonly environment: EnvironmentFound;
  readonly plans: ReadonlyMap<string, BundlePlan>;
  readonly likeliest: BundlePlan;
  readonly form: ReturnType<typeof formThatRuns>;
}

async function tryAll(
  workshop: string,
  name: string,
  given: Looked,
  planned: PlannedInputs,
  tools: InitTools,
): Promise<Tried> {
  const looked = withSomeColumns(given);
  const { answers } = looked;
  const silent: Answers = { ...answers, labels: [], threshold: undefined, positive: undefined };
  const plansWith = (python: string, hasPandas: boolean): Map<string, BundlePlan> =>
    new Map(
      formsOf({ ...looked, planned }, hasPandas).map((form) => [
        form.name,
        planBundle({
          ...common(looked, planned),
          answers: silent,
          name,
          python,
          form,
          methods: ALL,
          classes: undefined,
        }),
      ]),
    );
  const [likeliest] = plansWith("3.12", false).values();
  if (likeliest === undefined) throw new RangeError("there is no form to be tried");
  copyArtifacts(workshop, [...likeliest.artifacts, ...looked.code]);
  const most = Math.max(1, Math.min(ROWS_TRIED, Math.floor(CELLS_TRIED / planned.inputs.length)));
  const rows = rowsOf(looked, planned, [], most).slice(0, most);
  const attempt = async (needsPandas: boolean): Promise<Tried> => {
    const environments = environmentsFor(looked, needsPandas);
    const plansFor = (python: string): Map<string, BundlePlan> => plansWith(python, needsPandas);
    const environment = await findEnvironment({ folder: workshop, environments, plansFor, rows }, tools);
    const plans = plansFor(environment.environment.python);
    return { environment, plans, likeliest, form: formThatRuns(environment.facts, plans) };
  };
  const needsPandas = likeliest.steps.some(({ step }) => step["as"] === "dataframe");
  const first = await attempt(needsPandas);
  if (first.form !== undefined || needsPandas || planned.oneHot !== undefined) return first;
  // What it says now is tried first; and a single column of no name is no table.
  if (isToldByNobody(given) || chainAsLoaded(given, first) !== given.chain) return first;
  tools.say("It does not run with a matrix; trying a DataFrame");
  const second = await attempt(true);
  return second.form === undefined ? first : second;
}

function environmentsFor({ inspection, chain, answers, cleans }: Looked, needsPandas: boolean) {
  const places = [chain.predictor, ...chain.transformers, ...(chain.select ? [chain.select] : [])];
  const names = [...new Set(places.map(({ file }) => file))];
  const files = names.flatMap((name) => inspection.files.find(({ file }) => file === name) ?? []);
  const wishes = {
    needsPandas,
    python: answers.python,
    requirements: [...answers.requirements, ...(cleans ? ["nltk"] : [])],
  };
  return planEnvironments(writtenBy(files), inspection, wishes);
}

const common = (
  looked: Looked,
  planned: PlannedInputs,
): Pick<Known, "inspection" | "chain" | "code" | "planned" | "cleans" | "notes"> => ({
  inspection: looked.inspection,
  chain: looked.chain,
  code: looked.code,
  cleans: looked.cleans,
  planned,
  notes: [],
});

function rowsOf({ sample, chain }: Looked, { inputs }: PlannedInputs, words: readonly string[], most?: number): Row[] {
  if (sample !== undefined) return rowsOfSample(sample, inputs);
  const facts = chain.inputs.map((fact, i): InputFact & { name: string } => ({
    ...fact,
    name: inputs[i]?.name ?? fact.name ?? "",
  }));
  return madeUpRows(inputs, facts, words, most);
}

function finish(
  workshop: string,
  name: string,
  looked: Looked,
  planned: PlannedInputs,
  found: Tried & { form: NonNullable<Tried["form"]> },
): BundleMade {
  const { inspection, chain, answers } = looked;
  const { environment, facts, notes: tried } = found.environment;
  const model = found.likeliest.artifacts.find(({ place }) => isSamePlace(place, chain.predictor));
  const classes = factsOf(facts, model)?.classes ?? estimatorAt(inspection, chain.predictor)?.classes;
  const form = formsOf({ ...looked, planned }, true).find((one) => one.name === found.form.form);
  if (form === undefined) throw new RangeError("a form ran that was not tried");
  const guesses = [...doubtsThatHold(looked), ...planned.notes, ...environment.notes, ...tried, ...found.form.notes];
  const plan = planBundle({
    ...common(looked, planned),
    ...{ name, python: environment.python, answers, form, classes: classes ?? undefined, notes: guesses },
    methods: answering(found.form.methods),
  });
  const words = facts.places.flatMap((place) => place.words);
  const rows = rowsOf(looked, planned, words);
  writeFileSync(join(workshop, "model.yaml"), manifestText(plan));
  return { plan, rows, notes: guesses };
}
