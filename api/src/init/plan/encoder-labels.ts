import { pythonText } from "../../inspect/columns/encode";
import type { Chain } from "../../inspect/inspection";
import type { Cell } from "../../pickle/value";
import type { Answers } from "../answers";
import { placeText } from "../chain/place";

export interface Labels {
  readonly labels: Answers["labels"];
  /** What the step's comment says. */
  readonly comment?: string | undefined;
}

/** What a person calls the classes; else what the training called them: an encoder's inverse_transform, a list. */
export function labelsFor(given: Answers["labels"], chain: Chain, classes: readonly Cell[] | undefined): Labels {
  const encoder = chain.labels;
  if (given.length > 0 || encoder === undefined || classes === undefined) return { labels: given };
  const isNumbered = classes.length === encoder.classes.length && classes.every((label, place) => label === place);
  if (!isNumbered || !encoder.classes.every(isText)) return { labels: given };
  const labels = encoder.classes.map((value, place) => ({ value: String(place), text: pythonText(value) }));
  return { labels, comment: `what ${placeText(encoder)} calls the classes` };
}

/** Of a fraction, Python's text and ours may differ. */
const isText = (value: Cell): boolean => typeof value === "string" || Number.isSafeInteger(value);
