import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { readLock } from "../pin/lock";
import { estimatorAt, isSamePlace } from "./chain/place";
import { factsOf, type FormFound, whyNone } from "./choose-form";
import { checkThreshold } from "./check-threshold";
import { guessedNote } from "./environment/guessed";
import type { Looked } from "./look";
import { manifestText } from "./manifest/write-manifest";
import { doubtsThatHold } from "./plan/doubts";
import type { BundlePlan } from "./plan/plan";
import { answering, formsOf, planBundle } from "./plan/plan-bundle";
import { type PlannedInputs, planInputs } from "./plan/plan-inputs";
import { isToldByNobody, withSomeColumns } from "./plan/unknown-columns";
import { failed, type InitTools } from "./result";
import type { Row } from "./sample/read-sample";
import { rowsToSend } from "./sample/rows-to-send";
import { chainAsLoaded, type TriedOut, tryOut } from "./try-out";

export interface BundleMade {
  readonly plan: BundlePlan;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

/** From what was read to a folder that can be pinned: the artifacts are loaded, and what they say is believed. */
export async function makeBundle(
  workshop: string,
  name: string,
  looked: Looked,
  tools: InitTools,
): Promise<BundleMade> {
  const begun = withSomeColumns(looked);
  const planned = planInputs(begun);
  const tried = await tryOut({ workshop, name, looked, planned }, tools);
  const chain = chainAsLoaded(looked, tried);
  if (chain !== looked.chain) {
    tools.say(`Once loaded, the model says that it takes ${chain.inputs.length} columns`);
    return makeBundle(workshop, name, { ...looked, chain }, tools);
  }
  if (tried.form === undefined) throw doesNotRun(looked, whyNone(tried.environment.facts, tried.plans));
  const { packages } = readLock(workshop, "requirements.lock");
  const said = { person: looked.answers.python, file: looked.inspection.python };
  const guessed = guessedNote(tried.environment.environment, packages, said);
  const ran = planOfWhatRan(name, begun, planned, tried, tried.form);
  const plan = { ...ran, notes: [...ran.notes, ...guessed] };
  checkThreshold(looked.answers.threshold, plan);
  const words = tried.environment.facts.places.flatMap((place) => place.words);
  writeFileSync(join(workshop, "model.yaml"), manifestText(plan));
  return { plan, rows: rowsToSend(begun, planned, words), notes: plan.notes };
}

const doesNotRun = (looked: Looked, why: string): Error =>
  failed(
    "call",
    `The artifacts load, but do not run: ${why}`,
    isToldByNobody(looked)
      ? "Nothing says what its columns are: name them, in the order of the training, with --columns a,b,c, or give rows with --sample FILE."
      : "Say what comes before the model with --transformer, and what its columns are with --input.",
  );

function planOfWhatRan(
  name: string,
  looked: Looked,
  planned: PlannedInputs,
  { environment: { environment, facts, notes }, likeliest }: TriedOut,
  { form: formName, methods, notes: formNotes }: FormFound,
): BundlePlan {
  const { inspection, chain } = looked;
  const model = likeliest.artifacts.find(({ place }) => isSamePlace(place, chain.predictor));
  const classes = factsOf(facts, model)?.classes ?? estimatorAt(inspection, chain.predictor)?.classes;
  const form = formsOf({ ...looked, planned }, true).find((one) => one.name === formName);
  if (form === undefined) throw new RangeError("a form ran that was not tried");
  const guesses = [...doubtsThatHold(looked), ...planned.notes, ...environment.notes, ...notes, ...formNotes];
  const known = { ...looked, planned, name, form, classes: classes ?? undefined, methods: answering(methods) };
  return { ...planBundle({ ...known, notes: guesses }), python: environment.python };
}
