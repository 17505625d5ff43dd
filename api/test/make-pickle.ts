/** Pickles as Python would write them (protocol 3), of what a test puts in: no Python is needed to have one. */
export type Made = null | boolean | number | string | readonly Made[] | { readonly [key: string]: Made } | Thing;

/** What JSON has no word for. */
export class Thing {
  constructor(readonly bytes: () => Buffer) {}
}

export const pickle = (value: Made): Buffer => Buffer.concat([Buffer.from([0x80, 3]), put(value), Buffer.from(".")]);

/** An instance of a class, by its `__dict__`. */
export const object = (name: string, state: Readonly<Record<string, Made>>): Thing =>
  new Thing(() => Buffer.concat([named(name), Buffer.from(")\x81", "latin1"), put(state), Buffer.from("b")]));

export const sklearn = (name: string, state: Readonly<Record<string, Made>>, version = "1.6.1"): Thing =>
  object(`sklearn.${name}`, { ...state, _sklearn_version: version });

/** What a call of a class or function with these arguments would return. */
export const called = (name: string, ...given: readonly Made[]): Thing =>
  new Thing(() => Buffer.concat([named(name), put(tuple(...given)), Buffer.from("R")]));

/** What a call would return, with a state of its own. */
export const calledWithState = (name: string, given: readonly Made[], state: Made): Thing =>
  new Thing(() => Buffer.concat([put(called(name, ...given)), put(state), Buffer.from("b")]));

export const tuple = (...members: readonly Made[]): Thing =>
  new Thing(() => Buffer.concat([Buffer.from("("), ...members.map(put), Buffer.from("t")]));

export const global = (name: string): Thing => new Thing(() => named(name));

export const bytes = (content: Uint8Array): Thing =>
  new Thing(() => Buffer.concat([Buffer.from("B"), uint32(content.length), content]));

/** float64, of one dimension or of these. */
export const floats = (cells: readonly number[], shape = [cells.length]): Thing => {
  const content = Buffer.alloc(8 * cells.length);
  cells.forEach((cell, place) => content.writeDoubleLE(cell, 8 * place));
  return array("f8", "<", shape, bytes(content));
};

export const integers = (cells: readonly number[], shape = [cells.length]): Thing => {
  const content = Buffer.alloc(8 * cells.length);
  cells.forEach((cell, place) => content.writeBigInt64LE(BigInt(cell), 8 * place));
  return array("i8", "<", shape, bytes(content));
};

export const objects = (cells: readonly Made[]): Thing => array("O8", "|", [cells.length], cells);

/** The nodes of a scikit-learn tree, of their fields those that say where it splits. */
export function treeNodes(nodes: readonly (readonly [column: number, threshold: number])[]): Thing {
  const content = Buffer.alloc(16 * nodes.length);
  nodes.forEach(([column, threshold], place) => {
    content.writeBigInt64LE(BigInt(column), 16 * place);
    content.writeDoubleLE(threshold, 16 * place + 8);
  });
  const fields = { feature: tuple(dtypeOf("i8", "<"), 0), threshold: tuple(dtypeOf("f8", "<"), 8) };
  const state = tuple(3, "|", null, tuple("feature", "threshold"), fields, 16, 1, 16);
  return arrayOf(dtypeOf("V16", "|", state), [nodes.length], bytes(content));
}

const dtypeOf = (type: string, order: string, state?: Made): Thing =>
  new Thing(() => {
    const plain = tuple(3, order, null, null, null, -1, -1, type === "O8" ? 63 : 0);
    return Buffer.concat([put(called("numpy.dtype", type, false, true)), put(state ?? plain), Buffer.from("b")]);
  });

const array = (type: string, order: string, shape: readonly number[], content: Made): Thing =>
  arrayOf(dtypeOf(type, order), shape, content);

function arrayOf(dtype: Thing, shape: readonly number[], content: Made): Thing {
  const empty = called(
    "numpy.core.multiarray._reconstruct",
    global("numpy.ndarray"),
    tuple(0),
    bytes(Buffer.from("b")),
  );
  const state = tuple(1, tuple(...shape), dtype, false, content);
  return new Thing(() => Buffer.concat([put(empty), put(state), Buffer.from("b")]));
}

function put(value: Made): Buffer {
  if (value instanceof Thing) return value.bytes();
  if (value === null) return Buffer.from("N");
  if (typeof value === "boolean") return Buffer.from([value ? 0x88 : 0x89]);
  if (typeof value === "string") return putText(value);
  if (typeof value === "number") return Number.isInteger(value) ? putInteger(value) : putFloat(value);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from("]("), ...value.map(put), Buffer.from("e")]);
  const entries = Object.entries(value as Readonly<Record<string, Made>>);
  return Buffer.concat([
    Buffer.from("}("),
    ...entries.flatMap(([key, member]) => [put(key), put(member)]),
    Buffer.from("u"),
  ]);
}

function named(name: string): Buffer {
  const dot = name.lastIndexOf(".");
  return Buffer.from(`c${name.slice(0, dot)}\n${name.slice(dot + 1)}\n`);
}

const putText = (text: string): Buffer =>
  Buffer.concat([Buffer.from("X"), uint32(Buffer.byteLength(text)), Buffer.from(text)]);

function putInteger(value: number): Buffer {
  const buffer = Buffer.from("J....");
  buffer.writeInt32LE(value, 1);
  return buffer;
}

function putFloat(value: number): Buffer {
  const buffer = Buffer.from("G........");
  buffer.writeDoubleBE(value, 1);
  return buffer;
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
