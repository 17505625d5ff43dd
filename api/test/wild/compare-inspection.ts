import type { Estimator, FileInspection, FolderInspection, Thing } from "../../src/inspect/inspection";
import type { Facts, FileFacts, Structure } from "./facts";

/** Where what `inspect` says differs from the facts; empty: all agrees. */
export function compareInspection(facts: Facts, { files }: Pick<FolderInspection, "files">): string[] {
  return Object.entries(facts.files).flatMap(([name, wanted]) => {
    const file = files.find((file) => file.file === name);
    if (!file) return [`${name} was not seen`];
    return [
      ...streamFaults(wanted, file),
      ...thingFaults(wanted.structure, file.thing),
      ...columnFaults(facts, file),
    ].map((fault) => `${name}: ${fault}`);
  });
}

function differs(what: string, wanted: unknown, got: unknown): string[] {
  const [asked, found] = [wanted, got].map((value) => (value === undefined ? "nothing" : JSON.stringify(value)));
  return asked === found ? [] : [`${what} is ${String(found).slice(0, 80)}, not ${String(asked).slice(0, 80)}`];
}

function streamFaults(wanted: FileFacts, file: FileInspection): string[] {
  return [
    ...differs("container", wanted.container, file.container),
    ...differs("compression", wanted.compression, file.compression),
    ...differs("protocol", Math.max(...wanted.protocol), file.protocol),
    ...differs("scikit-learn", wanted.sklearn_versions.toSorted(), file.versions.sklearn.toSorted()),
    ...differs("xgboost", wanted.xgboost_version ?? undefined, file.versions.xgboost),
    ...differs("globals", wanted.globals.toSorted(), file.globals.toSorted()),
  ];
}

/** Estimators, and dicts of them; what else a file holds is told by its class alone. */
function thingFaults(structure: Structure | string | null | undefined, thing: Thing | undefined): string[] {
  if (typeof structure !== "object" || structure === null) return [];
  if (structure.dict) {
    const entries =
      thing?.kind === "dict" ? new Map(thing.entries.map(([key, value]) => [String(key), value])) : undefined;
    return Object.entries(structure.dict).flatMap(([key, part]) =>
      thingFaults(part, entries?.get(key)).map((fault) => `${key}: ${fault}`),
    );
  }
  if (thing?.kind !== "estimator") {
    const isEstimator = structure.n_features_in_ !== undefined || Array.isArray(structure.feature_names_in_);
    return isEstimator ? [`is ${thing?.kind ?? "nothing"}, not ${structure.class ?? ""}`] : [];
  }
  return [...differs("class", structure.class, thing.class), ...fittedFaults(structure, thing)];
}

function fittedFaults(structure: Structure, thing: Estimator): string[] {
  const { n_features_in_: width, feature_names_in_: names, classes_: classes } = structure;
  return [
    ...(width === undefined ? [] : differs("width", width, thing.width)),
    ...(Array.isArray(names) ? listDiffers("names", names, thing.names) : []),
    ...(Array.isArray(classes) ? listDiffers("classes", classes, thing.classes) : []),
  ];
}

/** A long list is cut there, and ends with "... 3316 more". */
function listDiffers(what: string, wanted: readonly unknown[], got: readonly unknown[] | undefined): string[] {
  const cut = /^\.\.\. (\d+) more$/.exec(String(wanted.at(-1)));
  if (!cut) return differs(what, wanted, got);
  const shown = wanted.slice(0, -1);
  const length = differs(`how many ${what}`, shown.length + Number(cut[1]), got?.length);
  return [...length, ...differs(what, shown, got?.slice(0, shown.length))];
}

/** What the artifact itself said once it was loaded: also where its stream has no such attribute. */
function columnFaults(facts: Facts, file: FileInspection): string[] {
  if (file.thing?.kind !== "estimator") return [];
  const width = facts.n_features[file.file];
  const names = facts.feature_names[file.file];
  return [
    ...(width === undefined ? [] : differs("width when loaded", width, file.thing.width)),
    ...(names === undefined ? [] : listDiffers("names when loaded", names, file.thing.names)),
  ];
}
