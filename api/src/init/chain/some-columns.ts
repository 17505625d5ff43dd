import type { Chain, Estimator, FolderInspection, InputFact, Place } from "../../inspect/inspection";
import type { Answers } from "../answers";
import { failed } from "../result";
import type { Sample } from "../sample/read-sample";
import { estimatorAt, placeText } from "./place";

/** The names of the columns of a transformer that takes fewer than the predictor, and puts its own in their place. */
export function someColumns(inspection: FolderInspection, place: Place, predictor: Place): string[] | undefined {
  const [one, all] = [estimatorAt(inspection, place), estimatorAt(inspection, predictor)];
  return one !== undefined && isOfSome(one, all?.width) ? [...(one.names ?? [])] : undefined;
}

/** A vectorizer's or a OneHotEncoder's columns are others than it takes: with these it may make all that there are. */
export const isOfSome = ({ width, makes, names }: Estimator, all = 0): boolean =>
  names !== undefined && width !== undefined && width === makes && width < all;

/**
 * What callers send of the columns that such a transformer takes, it says itself; where these lie, the columns' names
 * say: the model's own, or a person's, or the sample's.
 * @throws InitFailed where they say it of none
 */
export function withSomeColumns(
  inspection: FolderInspection,
  chain: Chain,
  { columns }: Pick<Answers, "columns">,
  sample: Sample | undefined,
): Chain {
  const own = chain.inputs.flatMap(({ name }) => name ?? []);
  const isNamed = own.length === chain.inputs.length;
  const told = columns ?? (sample?.isPositional === false ? sample.columns : undefined);
  const names = isNamed ? own : (told ?? chain.names?.names ?? []);
  const asked = chain.reasons.includes(ASKED) ? chain.transformers : [];
  const facts = new Map<number, InputFact>();
  for (const place of asked) {
    const one = place.columns && estimatorAt(inspection, place);
    for (const fact of one?.inputs ?? []) {
      const at = names.indexOf(fact.name ?? "");
      if (at < 0) throw notAmong(place, fact.name ?? "", chain);
      facts.set(at, fact);
    }
  }
  if (facts.size === 0) return chain;
  const inputs = chain.inputs.map((fact, place) => ({ ...(facts.get(place) ?? fact), name: fact.name, place }));
  return { ...chain, inputs };
}

/** The reason of a chain that a person has named. */
export const ASKED = "asked for";

function notAmong(place: Place & { columns?: readonly string[] }, name: string, { predictor, inputs }: Chain): Error {
  const file = placeText(place);
  const all = `the ${inputs.length} columns that ${placeText(predictor)} takes`;
  return failed(
    "usage",
    `${file} was fitted with ${(place.columns ?? []).join(", ")}, and nothing says which of ${all} is ${name}.`,
    `Name ${all} with --columns, in the order of the training, ${(place.columns ?? []).join(", ")} among them.`,
    place.file,
  );
}
