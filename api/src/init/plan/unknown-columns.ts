import { expandBraces } from "../../bundle/expand-braces";
import type { Chain, InputFact } from "../../inspect/inspection";
import type { PlaceFacts } from "../describe";
import type { Looked } from "../look";

type Told = Pick<Looked, "answers" | "sample">;

/** How many columns a person means where no file says it; undefined where nobody does. */
function widthTold({ answers, sample }: Told): number | undefined {
  const own = answers.inputs.flatMap(({ pattern }) => expandBraces(pattern)).length;
  return answers.columns?.length ?? sample?.columns.length ?? (own > 0 ? own : undefined);
}

export const isToldByNobody = (looked: Looked): boolean =>
  looked.chain.inputs.length === 0 && widthTold(looked) === undefined;

/**
 * Something to begin with where static reading knows no column: those that --columns, the sample or --input names, or a
 * single one, behind which the artifact is loaded to be asked.
 */
export function withSomeColumns<L extends Looked>(looked: L): L {
  if (looked.chain.inputs.length > 0) return looked;
  const told = widthTold(looked);
  if (told !== undefined) return { ...looked, chain: { ...looked.chain, inputs: unknownInputs(told) } };
  // One-hot columns would be asked for their values, which a single column does not have.
  const answers = { ...looked.answers, oneHot: [] };
  return { ...looked, answers, chain: { ...looked.chain, inputs: unknownInputs(1) } };
}

/** Static reading may not know a width; the loaded artifact does. */
export function asLoaded(chain: Chain, told: PlaceFacts | undefined): Chain {
  const isOfSome = chain.transformers.some(({ columns }) => columns);
  if (isOfSome || chain.inputs.length > 0 || told?.width == null || told.width < 1) return chain;
  return { ...chain, inputs: unknownInputs(told.width, told.names) };
}

const unknownInputs = (width: number, names: readonly string[] | null = null): InputFact[] =>
  Array.from({ length: width }, (_, place) => ({ name: names?.[place], place, type: "unknown", nullable: false }));
