import type { InputFact } from "../../inspect/inspection";
import type { Looked } from "../look";
import type { PlannedInputs } from "../plan/plan-inputs";
import { madeUpRows } from "./made-up-rows";
import type { Row } from "./read-sample";
import { rowsOfSample } from "./sample-rows";

/** The sample's rows, where one was given; made up of what is known of the columns otherwise. At most `most` are made. */
export function rowsToSend(
  { sample, chain }: Looked,
  { inputs }: PlannedInputs,
  words: readonly string[],
  most?: number,
): Row[] {
  if (sample !== undefined) return rowsOfSample(sample, inputs);
  const facts = chain.inputs.map((fact, i): InputFact & { name: string } => ({
    ...fact,
    name: inputs[i]?.name ?? fact.name ?? "",
  }));
  return madeUpRows(inputs, facts, words, most);
}
