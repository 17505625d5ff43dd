import type { Chain, Method } from "../inspect/inspection";
import { copyArtifacts } from "./bundle-folder";
import { factsOf, type FormFound, formThatRuns } from "./choose-form";
import { planEnvironments } from "./environment/plan-environment";
import { writtenBy } from "./environment/written";
import type { Looked } from "./look";
import type { DraftPlan } from "./plan/plan";
import { formsOf, planBundle } from "./plan/plan-bundle";
import type { PlannedInputs } from "./plan/plan-inputs";
import { asLoaded, isToldByNobody, withSomeColumns } from "./plan/unknown-columns";
import type { InitTools } from "./result";
import { rowsToSend } from "./sample/rows-to-send";
import { type EnvironmentFound, findEnvironment } from "./try-environments";

/** An environment in which the artifacts load, and the form in which they run, where one does. */
export interface TriedOut {
  readonly environment: EnvironmentFound;
  readonly plans: ReadonlyMap<string, DraftPlan>;
  readonly likeliest: DraftPlan;
  readonly form: FormFound | undefined;
}

interface Subject {
  readonly workshop: string;
  readonly name: string;
  readonly looked: Looked;
  readonly planned: PlannedInputs;
}

const ROWS_TRIED = 8;
const CELLS_TRIED = 2_000_000;
const ALL: readonly Method[] = ["predict", "predict_proba", "decision_function"];

/** A matrix is tried first, and a DataFrame only where that does not run: it brings pandas into the environment. */
export async function tryOut(subject: Subject, tools: InitTools): Promise<TriedOut> {
  const { looked, planned } = subject;
  const [likeliest] = plansOf(subject, false).values();
  if (likeliest === undefined) throw new RangeError("there is no form to be tried");
  const needsPandas = likeliest.steps.some(({ step }) => step["as"] === "dataframe");
  const first = await attempt(subject, likeliest, needsPandas, tools);
  if (first.form !== undefined || needsPandas || planned.oneHot !== undefined) return first;
  // What it says now is tried first; and a single column of no name is no table.
  if (isToldByNobody(looked) || chainAsLoaded(looked, first) !== looked.chain) return first;
  tools.say("It does not run with a matrix; trying a DataFrame");
  const second = await attempt(subject, likeliest, true, tools);
  return second.form === undefined ? first : second;
}

/** What the model says of its columns once it is loaded; the same object where that is nothing new. */
export const chainAsLoaded = ({ chain }: Looked, { environment, likeliest }: TriedOut): Chain =>
  asLoaded(chain, factsOf(environment.facts, likeliest.artifacts[0]));

async function attempt(
  subject: Subject,
  likeliest: DraftPlan,
  needsPandas: boolean,
  tools: InitTools,
): Promise<TriedOut> {
  const { workshop: folder, planned } = subject;
  const looked = withSomeColumns(subject.looked);
  copyArtifacts(folder, [...likeliest.artifacts, ...looked.code]);
  const most = Math.max(1, Math.min(ROWS_TRIED, Math.floor(CELLS_TRIED / planned.inputs.length)));
  const rows = rowsToSend(looked, planned, [], most).slice(0, most);
  const plans = plansOf(subject, needsPandas);
  const environments = environmentsFor(looked, needsPandas);
  const environment = await findEnvironment({ folder, environments, plans, rows }, tools);
  return { environment, plans, likeliest, form: formThatRuns(environment.facts, plans) };
}

/** A plan for each form, with all that the predictor may answer and none of the answer's wording. */
function plansOf({ name, planned, ...subject }: Subject, hasPandas: boolean): Map<string, DraftPlan> {
  const looked = withSomeColumns(subject.looked);
  const answers = { ...looked.answers, labels: [], threshold: undefined, positive: undefined };
  const known = { ...looked, planned, answers, name, methods: ALL, classes: undefined, notes: [] };
  return new Map(formsOf(known, hasPandas).map((form) => [form.name, planBundle({ ...known, form })]));
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
