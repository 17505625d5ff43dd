import type { Instance, Value } from "../../pickle/value";
import { cellOf, firstOf, instanceOf, numberOf, textsOf } from "../estimators/read-value";
import { member, UbjReader } from "./ubj";
import { type Learned, learnedInUbj, splitsInBinary, splitsInJson } from "./xgboost-trees";

/** What an XGBoost booster says of itself, in whichever of its formats: JSON, UBJ, or the old binary. */
export interface Booster {
  readonly version: string | undefined;
  /** Of the days when a booster did not say its version. */
  readonly isBefore1?: boolean;
  readonly width: number | undefined;
  readonly names: readonly string[] | undefined;
  /** Of the columns that are categories (`c`), in order with the others. */
  readonly types: readonly string[] | undefined;
  readonly objective: string | undefined;
  readonly classes: number | undefined;
  /** Undefined where its trees cannot be read. */
  readonly splits: Learned["splits"] | undefined;
  readonly categories?: Learned["categories"];
}

/** An estimator is asked for its booster time and again. */
const read = new WeakMap<Instance, Booster | undefined>();

/** Of an XGBClassifier and its kin, or of a bare Booster. */
export function readXgboost(estimator: Instance): Booster | undefined {
  if (!read.has(estimator)) read.set(estimator, boosterOf(estimator));
  return read.get(estimator);
}

function boosterOf(estimator: Instance): Booster | undefined {
  const booster = instanceOf(estimator.attribute("_Booster")) ?? estimator;
  const bytes = bytesOf(booster.attribute("handle") ?? estimator.attribute("_Booster"));
  const inside = bytes === undefined ? undefined : readBytes(bytes);
  const names = textsOf(firstOf(booster, "feature_names")); // where Python kept them, before 1.4
  const types = textsOf(firstOf(booster, "feature_types"));
  if (inside === undefined) return undefined;
  return { ...inside, names: inside.names ?? names, types: inside.types ?? types };
}

/** bytes, or a bytearray by its constructor: (bytes,) or ("latin-1 text", "latin-1"). */
export function bytesOf(value: Value | undefined): Uint8Array | undefined {
  if (value?.kind === "bytes") return value.value;
  if (value?.kind !== "instance" || !value.class.endsWith(".bytearray")) return undefined;
  const content = value.arguments?.length ? value.arguments.at(0) : undefined;
  if (content?.kind === "bytes") return content.value;
  const text = cellOf(content);
  return typeof text === "string" ? Buffer.from(text, "latin1") : undefined;
}

function readBytes(bytes: Uint8Array): Booster | undefined {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (buffer[0] !== 0x7b) return readBinary(buffer);
    return buffer[1] === 0x22 ? readJson(buffer) : readUbj(bytes);
  } catch {
    return undefined; // damaged: what the pickle itself says must do
  }
}

/** Only pieces of it: the trees make a JSON booster as long as the file. */
function readJson(buffer: Buffer): Booster {
  const piece = (key: string): unknown => {
    const at = buffer.indexOf(`"${key}":`);
    if (at < 0) return undefined;
    const start = at + key.length + 3;
    const text = buffer.toString("utf8", start, endOfPiece(buffer, start));
    return JSON.parse(text);
  };
  const version = piece("version");
  const objective = buffer.indexOf('"objective":{');
  const name = objective < 0 ? null : /"name":"([^"]*)"/.exec(buffer.toString("latin1", objective, objective + 2000));
  return {
    version: Array.isArray(version) ? version.join(".") : undefined,
    width: positive(piece("num_feature")),
    names: texts(piece("feature_names")),
    types: texts(piece("feature_types")),
    objective: name?.[1],
    classes: positive(piece("num_class")),
    splits: unlessDamaged(() => splitsInJson(buffer)),
  };
}

/** Where a text, or a list of texts and numbers, ends. */
function endOfPiece(buffer: Buffer, start: number): number {
  let inText = false;
  const isList = buffer[start] === 0x5b;
  for (let at = start; at < buffer.length; at++) {
    const byte = buffer[at];
    if (inText && byte === 0x5c) at++;
    else if (byte === 0x22) {
      inText = !inText;
      if (!inText && !isList) return at + 1;
    } else if (!inText && isList && byte === 0x5d) return at + 1;
    else if (!inText && !isList && (byte === 0x2c || byte === 0x7d)) return at;
  }
  return buffer.length;
}

function readUbj(bytes: Uint8Array): Booster {
  const whole = new UbjReader(bytes, new Set(["gradient_booster", "attributes"])).read();
  const model = member(whole, "Model") ?? whole;
  const learner = member(model, "learner");
  const parameters = member(learner, "learner_model_param");
  const version = member(model, "version");
  const objective = member(member(learner, "objective"), "name");
  return {
    version: Array.isArray(version) ? version.join(".") : undefined,
    width: positive(member(parameters, "num_feature")),
    names: texts(member(learner, "feature_names")),
    types: texts(member(learner, "feature_types")),
    objective: typeof objective === "string" ? objective : undefined,
    classes: positive(member(parameters, "num_class")),
    ...(unlessDamaged(() => learnedInUbj(bytes)) ?? { splits: undefined }),
  };
}

/** `CONFIG-offset:` + length, or `binf`, may stand first; then 136 bytes of parameters, the objective, the booster. */
function readBinary(buffer: Buffer): Booster | undefined {
  const configured = buffer.toString("latin1", 0, 14) === "CONFIG-offset:";
  let start = configured ? 22 : 0;
  if (buffer.toString("latin1", start, start + 4) === "binf") start += 4;
  const [width, classes] = [buffer.readUInt32LE(start + 4), buffer.readInt32LE(start + 8)];
  const [major, minor] = [buffer.readUInt32LE(start + 20), buffer.readUInt32LE(start + 24)];
  const length = Number(buffer.readBigUInt64LE(start + 136));
  if (length > 100) return undefined; // no name of an objective: something else than a booster
  const config = configured ? readJson(buffer.subarray(22 + Number(buffer.readBigInt64LE(14)))) : undefined;
  const version = config?.version ?? (major > 0 && major < 10 && minor < 100 ? `${major}.${minor}` : undefined);
  return {
    version,
    isBefore1: version === undefined,
    width: width > 0 ? width : undefined,
    names: undefined,
    types: undefined,
    objective: buffer.toString("latin1", start + 144, start + 144 + length),
    classes: classes > 0 ? classes : undefined,
    splits: unlessDamaged(() => splitsInBinary(buffer, start + 144 + length)),
  };
}

function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const positive = (value: unknown): number | undefined => {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
};

const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === "string") ? value : undefined;

export const classesOfXgboost = (estimator: Instance): number | undefined =>
  numberOf(firstOf(estimator, "n_classes_")) ?? readXgboost(estimator)?.classes;
