import type { Instance } from "../../pickle/value";
import { namesOf } from "../estimators/names";
import { takesText } from "../estimators/takes";
import { widthOf } from "../estimators/width";
import type { InputFact } from "../inspection";
import { type Column, type Input, asSent, makeColumns, newInput, toFact } from "./column";
import { flowOf } from "./flow";
import { rootColumns } from "./root-columns";

/** More columns than a person lists: a model that stands behind a vectorizer that is not there. */
export const mostListed = 10_000;

export interface Traced {
  readonly inputs: readonly InputFact[];
  /** What comes out of its transform, with names as far as they have any. */
  readonly makes: readonly Column[] | undefined;
}

/** Sends columns through an estimator and looks at what it learned of them. */
export function trace(estimator: Instance): Traced {
  const width = widthOf(estimator) ?? 0;
  if (width > mostListed) return { inputs: [], makes: flowOf(estimator)(makeColumns(width)) };
  const inputs = takesText(estimator) ? [oneText()] : rootInputs(estimator);
  const makes = flowOf(estimator)(inputs.map(asSent));
  return { inputs: inputs.map(toFact), makes };
}

const oneText = (): Input => ({ ...newInput(0), type: "text", used: true });

export function rootInputs(estimator: Instance): Input[] {
  const names = namesOf(estimator) ?? rootColumns(estimator);
  const width = names?.length ?? widthOf(estimator) ?? 0;
  return Array.from({ length: width }, (_, place) => newInput(place, names?.[place] ?? undefined));
}
