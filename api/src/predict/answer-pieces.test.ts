import { encodeInPieces, PIECE, takeBack } from "./answer-pieces";

it.each([
  ["a byte a character", "x".repeat(3 * PIECE + 1)],
  ["two bytes", "é".repeat(PIECE)],
  ["three bytes, where a piece ends within one", "€".repeat(PIECE)],
  ["pairs, where a piece ends within one", `x${"😀".repeat(PIECE)}`],
])("a text of %s is the same in pieces", (_what, text) => {
  const pieces = encodeInPieces(text);
  expect(Buffer.concat(pieces).equals(Buffer.from(text))).toBe(true);
  expect(pieces.every(({ length }) => length > 0 && length <= PIECE)).toBe(true);
});

it("pieces that were taken back are used again, each by one answer", () => {
  const memories = (pieces: readonly Buffer[]): Set<unknown> => new Set(pieces.map(({ buffer }) => buffer));
  const first = encodeInPieces("a".repeat(10 * PIECE));
  takeBack(first);
  const second = encodeInPieces("b".repeat(6 * PIECE));
  const third = encodeInPieces("c".repeat(6 * PIECE));
  const all = memories([...second, ...third]);
  expect(all.size).toBe(12);
  expect([...memories(first)].every((each) => all.has(each))).toBe(true);
  expect(Buffer.concat(second).equals(Buffer.alloc(6 * PIECE, "b"))).toBe(true);
});

it("no more is kept than the next answers can use", () => {
  const many = encodeInPieces("a".repeat(600 * PIECE));
  const before = new Set(many.map(({ buffer }) => buffer));
  takeBack(many);
  const again = encodeInPieces("b".repeat(600 * PIECE));
  expect(again.filter(({ buffer }) => before.has(buffer))).toHaveLength(512);
});
