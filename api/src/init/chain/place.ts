import type { Estimator, FolderInspection, Place, Thing } from "../../inspect/inspection";

/** `artifacts/model.pkl#clf`, as the flags write it. */
export const placeText = ({ file, key }: Place): string => [file, ...key.map(String)].join("#");

export const isSamePlace = (a: Place, b: Place): boolean => placeText(a) === placeText(b);

/** What is there; undefined where nothing is, or where the file cannot be read. */
const thingAt = (inspection: FolderInspection, place: Place): Thing | undefined => reach(inspection, place)?.thing;

/** What is there, and its keys as the file has them: on a command line, 0 is a text. */
export function reach(
  { files }: FolderInspection,
  { file, key: written }: Place,
): { thing: Thing; key: Place["key"] } | undefined {
  let thing = files.find((one) => one.file === file)?.thing;
  const key: (string | number)[] = [];
  for (const part of written) {
    const [own, member] = thing === undefined ? [] : (memberOf(thing, part) ?? []);
    if (own === undefined) return undefined;
    key.push(own);
    thing = member;
  }
  return thing && { thing, key };
}

function memberOf(thing: Thing, part: string | number): readonly [string | number, Thing | undefined] | undefined {
  if (thing.kind === "dict") return thing.entries.find(([name]) => String(name) === String(part));
  return thing.kind === "list" ? [Number(part), thing.first[Number(part)]] : undefined;
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
