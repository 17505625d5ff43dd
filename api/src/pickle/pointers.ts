import type { Danger } from "./reading";

/** Beside such a name, of an attribute or a row's label, numpy takes a number for a place in memory. */
const names = ["__array_interface__", "__array_struct__"];
export const pointerWhat =
  "It says __array_interface__ or __array_struct__: numpy would read memory wherever the pickle says.";

export const saysPointer = (text: string): boolean => names.includes(text);

/** As texts have it, and as numpy's arrays of texts do: four bytes a letter. */
export function needlesOf(word: string): readonly Buffer[] {
  const big = Buffer.alloc(word.length * 4);
  for (let place = 0; place < word.length; place++) big.writeUInt32BE(word.charCodeAt(place), place * 4);
  return [Buffer.from(word), Buffer.from(big).swap32(), big];
}
const needles = names.flatMap(needlesOf);

/** Where a stream says it, unless that is told already. */
export function pointerDangers(content: Buffer, told: readonly Danger[]): Danger[] {
  const offset = needles.map((needle) => content.indexOf(needle)).find((place) => place >= 0);
  if (offset === undefined || told.some(({ what }) => what === pointerWhat)) return [];
  return [{ code: "arguments", what: pointerWhat, offset }];
}
