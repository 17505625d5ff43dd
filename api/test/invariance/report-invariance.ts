import { ask, json } from "../../src/check/ask";
import { mostRowsInACall } from "../bundles";
import { syntheticRows } from "../synthetic-rows";
import { type Measured, measureInvariance } from "../../src/check/measure-invariance";

export interface Report {
  readonly bundle: string;
  /** Per step, the block rule that was found for it on this machine. */
  readonly blocks: Readonly<Record<string, string>>;
  readonly measured: readonly Measured[];
}

/** Measures one bundle of a running API with generated rows. */
export async function reportInvariance(url: string, bundle: string, rows: number, title = bundle): Promise<Report> {
  const { blocks } = json(await ask(`${url}/models/${bundle}`)) as Pick<Report, "blocks">;
  const sent = syntheticRows(bundle, rows, 2_026);
  const measured = await measureInvariance(`${url}/models/${bundle}/predictions`, sent, mostRowsInACall(bundle));
  return { bundle: title, blocks, measured };
}

export const rulesText = ({ blocks }: Report): string =>
  Object.entries(blocks)
    .map(([step, rule]) => `${step}: ${rule}`)
    .join(", ");
