import { labelEncodersOf } from "../../inspect/chains/label-encoders";
import type { Chain, FolderInspection } from "../../inspect/inspection";
import type { Answers } from "../answers";
import type { Sample } from "../sample/read-sample";
import { estimatorAt, estimatorPlaces } from "./place";

/** LabelEncoders are placed by the names of the columns: where no file has these, a person or the sample may. */
export function withEncodersOfNames(
  inspection: FolderInspection,
  chain: Chain,
  { columns }: Pick<Answers, "columns">,
  sample: Sample | undefined,
): Chain {
  const names = columns ?? (sample?.isPositional === false ? sample.columns : undefined);
  const estimator = estimatorAt(inspection, chain.predictor);
  const isKnown = chain.names !== undefined || chain.inputs.some(({ name }) => name !== undefined);
  if (isKnown || estimator === undefined || names?.length !== chain.inputs.length) return chain;
  const all = estimatorPlaces(inspection).flatMap((place) => {
    const one = estimatorAt(inspection, place);
    return one?.role === "label-encoder" ? [{ ...place, estimator: one }] : [];
  });
  const predictor = { ...chain.predictor, estimator };
  const before = new Set(labelEncodersOf(all, predictor, undefined).doubts);
  const { encoders, labels, doubts } = labelEncodersOf(all, predictor, names);
  const isOfEncoder = chain.labels !== undefined && estimatorAt(inspection, chain.labels) !== undefined;
  return {
    ...chain,
    encoders,
    labels: isOfEncoder ? labels : (labels ?? chain.labels),
    doubts: [...chain.doubts.filter((doubt) => !before.has(doubt)), ...doubts],
  };
}
