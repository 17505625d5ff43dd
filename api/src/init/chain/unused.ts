import type { Chain, Estimator, FolderInspection, Place } from "../../inspect/inspection";
import { estimatorAt, estimatorPlaces, isSamePlace, placeText } from "./place";
import { isOfSome } from "./some-columns";

const MOST_TOLD = 5;

/** Transformers that lie beside the predictor and come before nothing in the folder, each with why and what to do. */
export function unusedTransformers(inspection: FolderInspection, chain: Chain): string[] {
  const predictor = estimatorAt(inspection, chain.predictor);
  if (predictor === undefined) return [];
  const used = [...inspection.chains, chain].flatMap(({ transformers, answerScaler }) =>
    answerScaler === undefined ? transformers : [...transformers, answerScaler],
  );
  const same = new Set(inspection.files.flatMap(({ file, sameAs }) => (sameAs === undefined ? [] : [file])));
  return estimatorPlaces(inspection).flatMap((place) => {
    const one = estimatorAt(inspection, place);
    const isBeside = folderOf(place) === folderOf(chain.predictor) && !same.has(place.file);
    const isUsed = used.some((other) => isSamePlace(other, place)) || isSamePlace(chain.predictor, place);
    return one?.role === "transformer" && isBeside && !isUsed ? [sentenceOf(place, one, chain.predictor, predictor)] : [];
  }).slice(0, MOST_TOLD); // prettier-ignore
}

const folderOf = ({ file }: Place): string => file.slice(0, Math.max(0, file.lastIndexOf("/")));

function sentenceOf(place: Place, one: Estimator, model: Place, { width, names }: Estimator): string {
  const [file, predictor] = [placeText(place), placeText(model)];
  const flag = `--transformer ${file}`;
  const fitted = (one.names ?? []).join(", ");
  if (isOfSome(one, width) && names === undefined)
    return `${file} is not used: it was fitted with ${fitted}, and no file says which of the ${width ?? 0} columns of ${predictor} these are. If it came before it, give ${flag} --columns with the names of all ${width ?? 0}, in the order of the training.`;
  const takes = one.takes === "text" ? "a text" : countText(one.width);
  const makes = one.makes === undefined ? "" : ` and makes ${countText(one.makes)}`;
  return `${file} is not used: it takes ${takes}${makes}, and ${predictor} takes ${countText(width)}. If it came before it, give ${flag}.`;
}

const countText = (count: number | undefined): string =>
  count === undefined ? "columns that it does not count" : `${count} ${count === 1 ? "column" : "columns"}`;
