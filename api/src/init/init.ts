import { resolve } from "node:path";

import { BundleError } from "../bundle/finding";
import { pin } from "../pin/pin";
import { Problem } from "../problems";
import { CannotPrepare } from "../supervise/cannot-prepare";
import type { Answers } from "./answers";
import { makeWorkshop, publish, removeWorkshop, shownPath, slugOf } from "./bundle-folder";
import { checkOut, checkSource } from "./check-out";
import { unusedTransformers } from "./chain/unused";
import { look, type Looked } from "./look";
import { type BundleMade, makeBundle } from "./make-bundle";
import { holdsStill } from "./plan/doubts";
import { thresholdsBeside } from "./plan/thresholds-beside";
import { failed, InitFailed, type InitFinding, type InitResult, type InitTools, type Made } from "./result";
import { checkLength, compareExpected, type Expected, readExpected } from "./sample/expected";
import { environmentFailure } from "./try-environments";
import { planText } from "./wizard";
import { answersOfSample, madeOf, writeSamples } from "./write-samples";

/** From a folder of pickles to a bundle that serves: see docs/init.md. What a person can mend is in the result. */
export async function init(folder: string, answers: Answers, tools: InitTools): Promise<InitResult> {
  const out = answers.out ?? resolve("models", slugOf(folder));
  try {
    checkSource(resolve(folder));
    checkOut(out, answers.force, folder);
    if (!answers.yes && tools.wizard === undefined)
      tools.say("Nobody can be asked here: taking what is likeliest, as with --yes");
    return await make(resolve(folder), out, answers, tools);
  } catch (error) {
    const findings = findingsOf(error);
    if (findings === undefined) throw error;
    return { ok: false, findings };
  } finally {
    removeWorkshop(out);
  }
}

async function make(folder: string, out: string, answers: Answers, tools: InitTools): Promise<Made> {
  const expected = answers.expected === undefined ? undefined : readExpected(answers.expected);
  if (expected && answers.sample === undefined)
    throw failed("usage", "--expected has nothing to go with.", "Give the rows with --sample.");
  const workshop = makeWorkshop(out); // before anybody is asked anything: it may be that nothing can be written there
  const looked = await look(folder, answers, tools);
  if (expected && looked.sample) checkLength(expected, looked.sample.rows.length);
  const name = answers.name ?? slugOf(out);
  const made = await inEnvironment(() => makeBundle(workshop, name, looked, tools));
  await confirmed(made, tools);
  writeSamples(workshop, made, expected !== undefined);
  const doubts: string[] = [];
  const doubt = (sentence: string): unknown => doubts.push(`${sentence} Give real rows with --sample FILE.`);
  await pin(workshop, made.rows, { ...tools, say: withoutImports(tools.say), doubt });
  if (expected) compareAnswers(expected, workshop, tools);
  const result = madeOf(workshop, out, looked.chain, { ...made, notes: [...notesOf(looked, made), ...doubts] });
  publish(workshop, out);
  return result;
}

/** Of very many rows the first: they become a contract test, which every start runs. */
function compareAnswers(expected: Expected, workshop: string, { say }: InitTools): void {
  const answers = answersOfSample(workshop);
  const { findings, outputs } = compareExpected(expected, answers);
  if (findings.length > 0) throw new InitFailed(findings);
  const all = expected.values.length;
  const which = answers.length < all ? `The first ${answers.length} of ${all}` : `All ${all}`;
  say(`${which} rows are as expected: ${outputs.join(", ")}`);
}

/** Every global of every pickle: for who pins again and looks at what changed. */
const withoutImports =
  (say: InitTools["say"]): InitTools["say"] =>
  (line) => {
    if (!line.startsWith("  imports ")) say(line);
  };

async function confirmed({ plan }: BundleMade, { wizard, say }: InitTools): Promise<void> {
  if (wizard === undefined) return;
  say(planText(plan));
  if (!(await wizard.confirm("Write it, and prove it?")))
    throw failed("usage", "Nothing was written.", "Say what is to be different: picklepod init --help.");
}

/** What of the folder is worth a word though the bundle serves. */
function notesOf(looked: Looked, { notes }: BundleMade): string[] {
  const { inspection, chain } = looked;
  const holding = inspection.findings.filter((finding) => holdsStill(finding, looked));
  const told = holding.map(({ file, message, remedy }) => {
    const who = file === undefined || message.includes(file) ? "" : `${file}: `;
    return `${who}${message.replace(/[.]$/, "")}. ${remedy}`;
  });
  const encoded = chain.encoders.map(({ column }) => column);
  const maps =
    encoded.length === 0
      ? []
      : [`${encoded.join(", ")}: a text as the LabelEncoder knows it, or the number that stands for it.`];
  const unsaid = [...unusedTransformers(inspection, chain), ...thresholdsBeside(looked)];
  return [...new Set([...notes, ...maps, ...told, ...unsaid])];
}

async function inEnvironment<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw environmentFailure(error) ?? error;
  }
}

/** What a person can mend; undefined: it is our defect. */
function findingsOf(error: unknown): InitFinding[] | undefined {
  if (error instanceof InitFailed) return [...error.findings];
  if (error instanceof CannotPrepare)
    return [{ code: "environment", file: undefined, message: error.problem, remedy: error.remedy }];
  if (error instanceof BundleError)
    return error.findings.map(({ file, message, remedy }) => ({
      code: "call",
      file: shownPath(file),
      message,
      remedy,
    }));
  if (!(error instanceof Problem)) return undefined;
  const faults = error.members.faults ?? [];
  const remedy = "Mend the sample, or say what the column is with --input 'NAME={type: …}'.";
  return faults.map(({ pointer, detail }) => ({
    code: "usage",
    file: undefined,
    message: `${pointer.replace("#/", "row ")}: ${detail}`,
    remedy,
  }));
}
