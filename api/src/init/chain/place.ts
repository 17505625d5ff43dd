import type { Estimator, FolderInspection, Place, Thing } from "../../inspect/inspection";

/** `artifacts/model.pkl#clf`, as the flags write it. */
export const placeText = ({ file, key }: Place): string => [file, ...key.map(String)].join("#");

export const isSamePlace = (a: Place, b: Place): boolean => placeText(a) === placeText(b);

/** What is there; undefined where nothing is, or where the file cannot be read. */
export function thingAt(inspection: FolderInspection, { file, key }: Place): Thing | undefined {
  let thing = inspection.files.find((one) => one.file === file)?.thing;
  for (const part of key) {
    if (thing?.kind === "dict") thing = thing.entries.find(([name]) => String(name) === String(part))?.[1];
    else if (thing?.kind === "list") thing = thing.first[Number(part)];
    else return undefined;
  }
  return thing;
}

export function estimatorAt(inspection: FolderInspection, place: Place): Estimator | undefined {
  const thing = thingAt(inspection, place);
  return thing?.kind === "estimator" ? thing : undefined;
}

/** Every place of the folder that holds an estimator. */
export function estimatorPlaces({ files }: FolderInspection): Place[] {
  return files.flatMap(({ file, thing }) => (thing === undefined ? [] : placesIn(thing, { file, key: [] })));
}

function placesIn(thing: Thing, place: Place): Place[] {
  if (thing.kind === "estimator") return [place];
  const deeper = (key: string | number): Place => ({ ...place, key: [...place.key, key] });
  if (thing.kind === "dict") return thing.entries.flatMap(([key, value]) => placesIn(value, deeper(key)));
  return thing.kind === "list" ? thing.first.flatMap((value, i) => placesIn(value, deeper(i))) : [];
}

/** The place that a person means: the very one, or the only one that ends so. */
export function meantPlace(written: Place, among: readonly Place[]): Place | undefined {
  const text = placeText({ ...written, file: written.file.replace(/^\.\//, "") });
  const exact = among.find((place) => placeText(place) === text);
  if (exact) return exact;
  const near = among.filter(
    (place) => placeText(place).endsWith(`/${text}`) || placeText(place).startsWith(`${text}#`),
  );
  return near.length === 1 ? near[0] : undefined;
}
