import { basename, resolve } from "node:path";

import { inspectFolder } from "../inspect/inspect-folder";
import type { Chain, FolderInspection } from "../inspect/inspection";
import type { Answers } from "./answers";
import { chooseChain } from "./chain/choose-chain";
import { withEncodersOfNames } from "./chain/encoders-of-names";
import { planCode } from "./chain/own-code";
import { withSomeColumns } from "./chain/some-columns";
import { unusedTransformers } from "./chain/unused";
import { madeOneHot, oneHotInSample } from "./plan/made-one-hot";
import type { PlannedCode } from "./plan/plan";
import type { InitTools } from "./result";
import { categoryLists } from "./sample/category-lists";
import { readSample, type Sample } from "./sample/read-sample";
import { askAnswers, askCleaning, askColumns, askOneHot, askPredictor } from "./wizard";

/** What is in the folder, what a person said of it, and what will be made of it. */
export interface Looked {
  readonly inspection: FolderInspection;
  readonly chain: Chain;
  readonly code: readonly PlannedCode[];
  readonly sample: Sample | undefined;
  readonly lists: ReadonlyMap<string, readonly (string | number)[]>;
  readonly answers: Answers;
  readonly cleans: boolean;
}

/** Reads the pickles without running them, and asks what none of them tells.
 * @throws InitFailed */
export async function look(folder: string, given: Answers, tools: InitTools): Promise<Looked> {
  tools.say(`Reading the pickles in ${basename(resolve(folder))}; nothing in them is run`);
  const { inspection, code } = await inspectWithCode(folder, given.code);
  const { wizard } = tools;
  const asked = wizard ? await askPredictor(inspection, given, wizard) : given;
  const chain = chooseChain(inspection, asked);
  for (const reason of chain.reasons) tools.say(`  ${reason}`);
  const sample = asked.sample === undefined ? undefined : readSample(asked.sample);
  const lists = categoryLists(folder);
  const shown = withOneHotOfSample(chain, asked, sample);
  const common = { inspection, code, sample, lists };
  const chainOf = (known: Answers): Chain =>
    withSomeColumns(inspection, withEncodersOfNames(inspection, chain, known, sample), known, sample);
  if (wizard === undefined) return { ...common, chain: chainOf(shown), answers: shown, cleans: false };
  const named = await askColumns(chain, shown, sample !== undefined, wizard);
  const flagged = sample === undefined ? await askOneHot(chain, named, wizard) : named;
  const encoded = chainOf(flagged);
  for (const sentence of unusedTransformers(inspection, encoded)) tools.say(`  ${sentence}`);
  const answers = await askAnswers(inspection, encoded, flagged, wizard);
  return { ...common, chain: encoded, answers, cleans: await askCleaning(inspection, encoded, wizard) };
}

/** Callers send what the sample has: city, where the model knows city_London and city_Paris. */
function withOneHotOfSample(chain: Chain, answers: Answers, sample: Sample | undefined): Answers {
  if (answers.oneHot.length > 0) return answers;
  const oneHot = oneHotInSample(madeOneHot(chain.inputs, answers.columns ?? chain.names?.names), sample);
  return oneHot.length === 0 ? answers : { ...answers, oneHot };
}

/** Which modules are custom code stands in the pickles; with a file for each, they are read again. */
async function inspectWithCode(
  folder: string,
  given: Answers["code"],
): Promise<{ inspection: FolderInspection; code: PlannedCode[] }> {
  const inspection = await inspectFolder(folder);
  const code = planCode(given, inspection);
  if (code.length === 0) return { inspection, code };
  return { inspection: await inspectFolder(folder, { code: new Set(code.map(({ module }) => module)) }), code };
}
