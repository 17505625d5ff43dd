import { BundleError } from "../bundle/finding";
import { lockRequirements } from "../pin/lock";
import { CannotPrepare } from "../supervise/cannot-prepare";
import { writeRequirements } from "./bundle-folder";
import type { ArtifactFacts } from "./describe";
import type { EnvironmentPlan } from "./environment/plan-environment";
import type { DraftPlan } from "./plan/plan";
import { failed, type InitTools } from "./result";
import type { Row } from "./sample/read-sample";
import { readPlan, tryPlans } from "./try-forms";

export interface EnvironmentWanted {
  /** Where the bundle is made. */
  readonly folder: string;
  /** Best first. */
  readonly environments: readonly EnvironmentPlan[];
  /** What model.yaml would be but for its Python, one for each form that is tried. */
  readonly plans: ReadonlyMap<string, DraftPlan>;
  readonly rows: readonly Row[];
}

export interface EnvironmentFound {
  readonly environment: EnvironmentPlan;
  readonly facts: ArtifactFacts;
  /** Which others did not do, and why. */
  readonly notes: readonly string[];
}

/** The first environment that can be made of wheels and that the artifacts load in.
 * @throws CannotPrepare where the registry cannot be reached, or no Python is here; InitFailed where nothing does */
export async function findEnvironment(wanted: EnvironmentWanted, tools: InitTools): Promise<EnvironmentFound> {
  const failures: { environment: EnvironmentPlan; why: string; error: Error }[] = [];
  for (const environment of wanted.environments) {
    try {
      const facts = await attempt(wanted, environment, tools);
      const notes = failures.map(({ environment: other, why }) => `${titleOf(other)} did not do: ${why}`);
      if (notes.length > 0) notes.push(`${titleOf(environment)} is taken.`);
      return { environment, facts, notes };
    } catch (error) {
      const why = whyAnotherMayDo(error);
      if (why === undefined) throw error;
      tools.say(`${titleOf(environment)} does not do: ${why}`);
      failures.push({ environment, why, error: error as Error });
    }
  }
  const [first] = failures;
  const nowhere = first && noSuchVersion(first.error, first.environment);
  if (nowhere) throw nowhere;
  throw first?.error ?? new RangeError("there is no environment to be tried");
}

async function attempt(
  wanted: EnvironmentWanted,
  environment: EnvironmentPlan,
  tools: InitTools,
): Promise<ArtifactFacts> {
  const { folder, rows } = wanted;
  const { python } = environment;
  const plans = new Map([...wanted.plans].map(([form, plan]) => [form, { ...plan, python }]));
  const [plan] = plans.values();
  if (plan === undefined) throw new RangeError("there is no plan to be tried");
  tools.say(`Choosing exact versions for ${titleOf(environment)}`);
  writeRequirements(folder, environment);
  await lockRequirements(folder, await readPlan(plan), tools.uv);
  tools.say("Loading the artifacts in a process of their own");
  const facts = await tryPlans(folder, plans, rows, tools);
  if (facts.unloadable !== undefined) throw refusal(facts.unloadable);
  return facts;
}

/** `Python 3.9 with scikit-learn 1.0.2` */
const titleOf = ({ python, requirements }: EnvironmentPlan): string => {
  const [first] = requirements;
  return `Python ${python}${first === undefined ? "" : ` with ${first.name}${first.spec.replace(/^==/, " ")}`}`;
};

class Unloadable extends Error {}

/** What the gate refuses, no other environment would load. */
const refusal = ({ code, why }: NonNullable<ArtifactFacts["unloadable"]>): Error =>
  code === "distrusted" ? failed("dangerous", why, "Nothing of it was run.") : new Unloadable(why);

/** Whether another Python, or looser bounds, may do; undefined where nothing of that kind would help. */
function whyAnotherMayDo(error: unknown): string | undefined {
  if (error instanceof Unloadable) return error.message;
  if (error instanceof BundleError) return uvsReason(error.message);
  if (!(error instanceof CannotPrepare)) return undefined;
  if (error.lack === "python") return `${firstSentence(error.problem)}.`;
  return error.lack === "wheels" ? uvsReason(error.problem) : undefined;
}

function uvsReason(text: string): string {
  const because = /(?:Because|cause:\s*)([\s\S]*?)(?:, we can conclude|\n\s*\n|$)/.exec(text)?.[1] ?? text;
  return because.replaceAll(/\s+/g, " ").trim().slice(0, 300);
}

/** Of what the pickles say wrote them, the index has nothing: no other Python would help. */
function noSuchVersion({ message }: Error, { requirements }: EnvironmentPlan): Error | undefined {
  const missing = requirements.find(
    ({ name, spec, from }) =>
      from !== undefined && message.replaceAll(/\s+/g, " ").includes(`there is no version of ${name}${spec} `),
  );
  if (missing?.from === undefined) return undefined;
  const { name, spec, from } = missing;
  const version = spec.slice(2);
  return failed(
    "version",
    `${from} says that ${name} ${version} wrote it, and the package index has no such version.`,
    `Say which one is to be taken: --require ${name}==VERSION; or give the index that has it (UV_INDEX).`,
    from,
  );
}

const firstSentence = (text: string): string => text.split(/[.;] /)[0] ?? text;

/** What `findEnvironment` throws, as a finding. */
export function environmentFailure(error: unknown): Error | undefined {
  if (error instanceof Unloadable) {
    const remedy =
      "Give the environment that wrote them: --python 3.x, and --require package==version for what is missing.";
    return failed("load", error.message, remedy);
  }
  if (error instanceof CannotPrepare) return failed("environment", error.problem, error.remedy);
  if (!(error instanceof BundleError)) return undefined;
  const remedy = "Say other versions with --require package==version, or another Python with --python.";
  return failed("environment", `No environment can be made: ${uvsReason(error.message)}`, remedy);
}
