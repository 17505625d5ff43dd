import { basename, resolve } from "node:path";

import { inspectFolder } from "../inspect/inspect-folder";
import type { Chain, FolderInspection } from "../inspect/inspection";
import type { Answers } from "./answers";
import { chooseChain } from "./chain/choose-chain";
import { planCode } from "./chain/own-code";
import type { PlannedCode } from "./plan/plan";
import type { InitTools } from "./result";
import { categoryLists } from "./sample/category-lists";
import { readSample, type Sample } from "./sample/read-sample";
import { askAnswers, askCleaning, askColumns, askPredictor } from "./wizard";

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
  if (wizard === undefined) return { inspection, chain, code, sample, lists, answers: asked, cleans: false };
  const named = await askColumns(chain, asked, sample !== undefined, wizard);
  const answers = await askAnswers(inspection, chain, named, wizard);
  return { inspection, chain, code, sample, lists, answers, cleans: await askCleaning(inspection, chain, wizard) };
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
