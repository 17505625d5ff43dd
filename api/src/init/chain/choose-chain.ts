import type { Chain, FolderInspection, Place } from "../../inspect/inspection";
import type { Answers } from "../answers";
import { failed, InitFailed, type InitFinding } from "../result";
import { blockedBy } from "./blocked-by";
import { ASKED, someColumns } from "./some-columns";
import { estimatorAt, estimatorPlaces, isSamePlace, meantPlace, placeText, reach } from "./place";

type Wanted = Pick<Answers, "predictor" | "transformers" | "select">;

/** The chain that the flags name, or the likeliest.
 * @throws InitFailed where nothing can predict, what is named is not there, or it would not be loaded */
export function chooseChain(inspection: FolderInspection, wanted: Wanted): Chain {
  const chain = wantedChain(inspection, wanted);
  const blocked = blockedBy(inspection, chain);
  if (blocked.length > 0) throw new InitFailed(blocked);
  return withWidth(inspection, chain);
}

/** Where the columns are unknown and their number is not, they are so many. */
function withWidth(inspection: FolderInspection, chain: Chain): Chain {
  const width = estimatorAt(inspection, chain.transformers[0] ?? chain.predictor)?.width ?? 0;
  if (chain.inputs.length > 0 || width === 0) return chain;
  const inputs = Array.from({ length: width }, (_, place) => ({ name: undefined, place, type: "unknown", nullable: false }) as const); // prettier-ignore
  return { ...chain, inputs };
}

function wantedChain(inspection: FolderInspection, wanted: Wanted): Chain {
  const [best] = inspection.chains;
  if (wanted.predictor === undefined && wanted.transformers.length === 0) {
    if (best === undefined) throw nothingToServe(inspection);
    return withSelect(inspection, best, wanted);
  }
  const predictor =
    wanted.predictor === undefined ? best?.predictor : placeOf(inspection, wanted.predictor, "predictor");
  if (predictor === undefined) throw nothingToServe(inspection);
  const own = inspection.chains.filter((chain) => isSamePlace(chain.predictor, predictor));
  if (wanted.transformers.length === 0) return withSelect(inspection, own[0] ?? alone(inspection, predictor), wanted);
  const transformers = wanted.transformers.map((place) => placeOf(inspection, place, "transformer"));
  const exact = own.find((chain) => hasTransformers(chain, transformers));
  return withSelect(inspection, exact ?? madeOf(inspection, own[0], predictor, transformers), wanted);
}

const hasTransformers = (chain: Chain, places: readonly Place[]): boolean =>
  chain.transformers.length === places.length &&
  chain.transformers.every((own, i) => places[i] !== undefined && isSamePlace(own, places[i]));

function placeOf(inspection: FolderInspection, written: Place, flag: string): Place {
  const places = estimatorPlaces(inspection);
  const place = meantPlace(written, places);
  if (place !== undefined) return place;
  const unread = inspection.files.find(({ file }) => file === written.file || file.endsWith(`/${written.file}`));
  const own = unread && inspection.findings.filter((finding) => finding.file === unread.file);
  if (own !== undefined && own.length > 0) throw new InitFailed(own);
  const known = places.map(placeText).join(", ");
  throw failed(
    "usage",
    `--${flag} ${placeText(written)} holds no estimator.`,
    `There are: ${known || "none"}.`,
    written.file,
  );
}

/** A predictor that no chain is known for: what it is handed is all there is to know. */
function alone(inspection: FolderInspection, predictor: Place): Chain {
  const inputs = estimatorAt(inspection, predictor)?.inputs ?? [];
  return { predictor, transformers: [], encoders: [], inputs, reasons: [ASKED], doubts: [] };
}

/** Transformers that a person names: the first that takes all of the columns says what these are. */
function madeOf(inspection: FolderInspection, own: Chain | undefined, predictor: Place, places: Place[]): Chain {
  const base = own ?? alone(inspection, predictor);
  const transformers = places.map((place) => {
    const columns = someColumns(inspection, place, predictor);
    return columns === undefined ? place : { ...place, columns };
  });
  const first = transformers.find((one) => !("columns" in one)) ?? predictor;
  const inputs = estimatorAt(inspection, first)?.inputs ?? base.inputs;
  return { ...base, transformers, inputs, reasons: [ASKED], doubts: [] };
}

function withSelect(inspection: FolderInspection, chain: Chain, { select }: Wanted): Chain {
  if (select === undefined) return chain;
  const file = inspection.files.find((one) => one.file === select.file || one.file.endsWith(`/${select.file}`));
  const found = file && reach(inspection, { file: file.file, key: select.key });
  const names = found?.thing.kind === "list" || found?.thing.kind === "array" ? found.thing.texts : undefined;
  if (file === undefined || found === undefined || names === undefined) {
    throw failed("usage", `--select ${placeText(select)} holds no list of names.`, "Name a pickle that holds one.");
  }
  return { ...chain, select: { file: file.file, key: found.key, names } };
}

/** Inspection's own findings say why; where it has none, that there is nothing. */
function nothingToServe({ findings, folder }: FolderInspection): InitFailed {
  const told = findings.filter(({ code }) => code !== "several-predictors" && code !== "version-differs");
  if (told.length > 0) return new InitFailed(told);
  const nothing: InitFinding = {
    code: "no-estimator",
    file: undefined,
    message: `No fitted model was found in ${folder}.`,
    remedy: "Put the file there that joblib.dump or pickle.dump wrote of the model.",
  };
  return new InitFailed([nothing]);
}
