import { basename, join } from "node:path";

import type { Chain, FolderInspection, Place } from "../../inspect/inspection";
import { isSamePlace, placeText } from "../chain/place";
import type { PlannedArtifact } from "./plan";

/** Files that a bundle has of its own. */
const TAKEN = ["bundle.json", "model.yaml", "requirements.txt", "requirements.lock", "samples", "row.json"];

/** What a chain is made of, under names that a manifest can use. */
export function planArtifacts({ folder }: FolderInspection, chain: Chain, selectFromFile: boolean): PlannedArtifact[] {
  const selects = chain.select !== undefined && selectFromFile ? [chain.select] : [];
  const places: Place[] = [...chain.transformers, ...selects, chain.predictor];
  const fileNames = new Map<string, string>();
  const names = new Set<string>();
  return places.map((place) => {
    const file =
      fileNames.get(place.file) ?? freeName(flatNames(place.file), new Set([...TAKEN, ...fileNames.values()]));
    fileNames.set(place.file, file);
    const isModel = isSamePlace(place, chain.predictor);
    const name = freeName(isModel ? ["model", "predictor"] : wordsFor(place), names);
    names.add(name);
    return { place: { file: place.file, key: place.key }, name, file, source: join(folder, place.file) };
  });
}

/** Its own name where that is free, else with the folders it lies in. */
function flatNames(file: string): string[] {
  const safe = (text: string): string => text.replaceAll(/[^A-Za-z0-9._-]+/g, "_").replace(/^[._-]+/, "") || "artifact";
  return [safe(basename(file)), safe(file.replaceAll("/", "_"))];
}

/** By the last key, for that is what the author called it; else by the file. */
function wordsFor(place: Place): string[] {
  const own = place.key.findLast((part) => typeof part === "string");
  const stem = basename(place.file).replace(/\.[^.]*$/, "");
  return [wordOf(own ?? stem), wordOf(placeText(place))].filter((word) => word !== "model");
}

/** A letter, then letters, digits and _. */
function wordOf(text: string): string {
  const word = text.replaceAll(/[^A-Za-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return /^[A-Za-z_]/.test(word) ? word : `artifact_${word}`;
}

export function freeName(candidates: readonly string[], taken: ReadonlySet<string>): string {
  const isTaken = (name: string): boolean => [...taken].some((other) => other.toLowerCase() === name.toLowerCase());
  const free = candidates.find((name) => !isTaken(name));
  if (free !== undefined) return free;
  const [stem = "artifact"] = candidates;
  const [, head = stem, tail = ""] = /^(.+?)(\.[^.]*)?$/.exec(stem) ?? [];
  for (let number = 2; ; number += 1) {
    if (!isTaken(`${head}_${number}${tail}`)) return `${head}_${number}${tail}`;
  }
}
