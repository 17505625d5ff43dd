import type { Cell } from "../../pickle/value";
import { Splits } from "../columns/splits";
import { member, type Ubj, UbjReader } from "./ubj";

/** An array of a tree's, a node a cell, by its name in the file. */
type ReadArray = (name: string) => readonly unknown[];

const CATEGORY = 1; // of a split's types: its condition is no threshold

/** A leaf has no children; what stands where its threshold would is its answer. */
function addTree(splits: Splits, read: ReadArray): void {
  const [children, types] = [read("left_children"), read("split_type")];
  const isSplit = (node: number): boolean => children[node] !== -1 && types[node] !== CATEGORY;
  splits.addAll(read("split_indices"), read("split_conditions"), isSplit);
}

/** Tree by tree, without the rest: the names of a tree's arrays stand in their alphabet's order. */
export function splitsInJson(buffer: Buffer): Splits {
  const splits = new Splits();
  const first = '"left_children":[';
  for (let at = buffer.indexOf(first); at >= 0 && !splits.isFull;) {
    const next = buffer.indexOf(first, at + 1);
    const tree = buffer.subarray(at, next < 0 ? undefined : next);
    addTree(splits, (name) => arrayIn(tree, name));
    at = next;
  }
  return splits;
}

function arrayIn(tree: Buffer, name: string): readonly unknown[] {
  const start = tree.indexOf(`"${name}":[`);
  if (start < 0) return [];
  const open = start + name.length + 3;
  return JSON.parse(tree.toString("latin1", open, tree.indexOf("]", open) + 1)) as unknown[];
}

/** What is long, and says nothing of a split. */
const unwanted = `
  Config attributes objective base_weights categories categories_nodes categories_segments categories_sizes
  default_left loss_changes parents right_children sum_hessian tree_info`
  .trim()
  .split(/\s+/);

/** What a booster knows of its columns beside their names. */
export interface Learned {
  readonly splits: Splits;
  /** By place, the values of columns that are categories, in the order of their codes: 3.1 was the first to keep them. */
  readonly categories?: readonly (readonly Cell[] | undefined)[];
}

export function learnedInUbj(bytes: Uint8Array): Learned {
  const splits = new Splits();
  const whole = new UbjReader(bytes, new Set(unwanted)).read();
  const booster = member(member(member(whole, "Model") ?? whole, "learner"), "gradient_booster");
  const model = member(member(booster, "gbtree") ?? booster, "model");
  const trees = member(model, "trees");
  for (const tree of listOf(trees)) {
    if (splits.isFull) break;
    addTree(splits, (name) => listOf(member(tree, name)));
  }
  return { splits, categories: listOf(member(member(model, "cats"), "enc")).map(valuesOf) };
}

/** Texts as UTF-8 one behind the other, with where each begins; or numbers. */
function valuesOf(column: Ubj): Cell[] | undefined {
  const [offsets, values] = [listOf(member(column, "offsets")).map(Number), listOf(member(column, "values"))];
  if (values.length === 0) return undefined;
  if (offsets.length === 0) return values.map(Number);
  const text = Buffer.from(values.map(Number));
  return offsets.slice(1).map((end, place) => text.toString("utf8", offsets[place], end));
}

const listOf = (value: Ubj | undefined): readonly Ubj[] => (Array.isArray(value) ? (value as readonly Ubj[]) : []);

/** Bytes of what stands in the old binary format. */
const MODEL_SIZE = 160;
const TREE_SIZE = 148;
const NODE_SIZE = 20;
const STATISTICS_SIZE = 16;
const DELETED = 0xffffffff;

/** From where the booster's name stands: its length, itself, the trees' parameters, the trees. */
export function splitsInBinary(buffer: Buffer, start: number): Splits {
  const splits = new Splits();
  let at = start + 8 + Number(buffer.readBigUInt64LE(start));
  const [trees, leafSize] = [buffer.readInt32LE(at), buffer.readInt32LE(at + 28)];
  at += MODEL_SIZE;
  for (let tree = 0; tree < trees && leafSize === 0 && !splits.isFull; tree++) {
    const nodes = buffer.readInt32LE(at + 4);
    for (let node = 0; node < nodes; node++) addNode(splits, buffer, at + TREE_SIZE + node * NODE_SIZE);
    at += TREE_SIZE + nodes * (NODE_SIZE + STATISTICS_SIZE);
  }
  return splits;
}

/** [parent, left, right, column (its highest bit: where missing values go), threshold] */
function addNode(splits: Splits, buffer: Buffer, at: number): void {
  const [left, column] = [buffer.readInt32LE(at + 4), buffer.readUInt32LE(at + 12)];
  if (left !== -1 && column !== DELETED) splits.add(column & 0x7fffffff, buffer.readFloatLE(at + 16));
}
