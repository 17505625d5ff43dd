import { type Fault, MAX_FAULTS_LISTED, Problem } from "../problems";
import { type Predictions, widthOf } from "./predictions";

/** @throws Problem not-finite, which names every such row and output, unless its output says `non_finite: null` */
export function refuseNonFinite(
  predictions: Predictions,
  nullable: ReadonlySet<string>,
  pointerOf: (row: number) => string,
): void {
  const faults: Fault[] = [];
  let total = 0;
  for (const output of predictions.outputs) {
    if (!(output.values instanceof Float64Array || output.values instanceof Float32Array) || nullable.has(output.name))
      continue;
    const width = widthOf(output);
    output.values.forEach((value, i) => {
      if (Number.isFinite(value)) return;
      total += 1;
      if (faults.length >= MAX_FAULTS_LISTED) return;
      faults.push({
        detail: `The output ${output.name} is ${value} for this row.`,
        pointer: pointerOf(Math.floor(i / width)),
      });
    });
  }
  if (total === 0) return;
  const detail =
    "The model gave what JSON cannot hold. Look at the rows named, or let the output be null: non_finite: null in model.yaml.";
  throw new Problem("not-finite", { detail, faults, faultCount: total });
}
