import type { Instance, Value } from "../../pickle/value";
import { readLightgbm } from "../boosters/lightgbm";
import { readXgboost } from "../boosters/xgboost";
import { libraryOf } from "./class-name";
import { textOf } from "./read-value";
import { VersionTexts } from "./version-text";

export interface Versions {
  readonly sklearn: readonly string[];
  readonly outermost: string | undefined;
  readonly xgboost: string | undefined;
  /** A booster of the days when none said its version. */
  readonly isXgboostBefore1: boolean;
  /** `v3`: of the text that a LightGBM booster is. */
  readonly lightgbmFormat: string | undefined;
  /** Texts in the place of a version that are none. */
  readonly texts: VersionTexts;
}

/** As many values as are looked at: a forest's trees are of one version, and a vocabulary has none. */
const mostLooked = 50_000;
const mostMembers = 2_000;

/** Every version that the estimators of a stream say, the outermost first met. */
export function versionsIn(root: Value | undefined, most = mostLooked): Versions {
  const found = new Set<string>();
  const boosters: string[] = [];
  let outermost: string | undefined;
  let isXgboostBefore1 = false;
  let lightgbmFormat: string | undefined;
  const texts = new VersionTexts();
  for (const instance of instancesIn(root, most)) {
    const version = texts.read(textOf(instance.attribute("_sklearn_version")));
    if (version !== undefined) found.add(version);
    outermost ??= version;
    const booster = libraryOf(instance.class) === "xgboost" ? readXgboost(instance) : undefined;
    const boosted = texts.read(booster?.version);
    if (boosted !== undefined) boosters.push(boosted);
    if (libraryOf(instance.class) === "lightgbm") lightgbmFormat ??= readLightgbm(instance)?.format;
    isXgboostBefore1 ||= booster?.isBefore1 === true;
  }
  return { sklearn: [...found].sort(), outermost, xgboost: boosters[0], isXgboostBefore1, lightgbmFormat, texts };
}

/** Level by level, so that what is outermost comes first. */
function* instancesIn(root: Value | undefined, most: number): Iterable<Instance> {
  const waiting: Value[] = root === undefined ? [] : [root];
  for (let place = 0; place < Math.min(waiting.length, most); place++) {
    const value = waiting[place];
    if (value === undefined) break;
    if (value.kind === "instance") yield value;
    for (const member of membersOf(value)) if (isNested(member)) waiting.push(member);
  }
}

const isNested = (value: Value): boolean => ["list", "tuple", "set", "dict", "instance"].includes(value.kind);

function* membersOf(value: Value): Iterable<Value> {
  if (value.kind === "list" || value.kind === "tuple" || value.kind === "set") {
    if (value.length <= mostMembers) yield* value;
  } else if (value.kind === "dict") {
    if (value.size <= mostMembers) for (const [, member] of value.entries()) yield member;
  } else if (value.kind === "instance") {
    for (const [, member] of value.attributes()) yield member;
    if (value.items !== undefined && value.items.length <= mostMembers) yield* value.items;
    if (value.entries !== undefined) yield* membersOf(value.entries);
  }
}
