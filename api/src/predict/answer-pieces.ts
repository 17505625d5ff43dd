/** An answer leaves in pieces of this size, in bytes. */
export const PIECE = 64 * 1024;

/** Pieces that wait for the next answer: as much as is kept for readers, so that those who read nothing make no new ones. */
const MOST_SPARE = (32 * 1024 * 1024) / PIECE;
const spare: Buffer[] = [];

const encoder = new TextEncoder();

/**
 * A text as UTF-8, in pieces that are used again. A large answer in one piece of memory of its own, with others of other
 * sizes around it, would leave a hole that the allocator neither gives back nor fills.
 */
export function encodeInPieces(text: string): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < text.length;) {
    const piece = spare.pop() ?? Buffer.allocUnsafeSlow(PIECE);
    const { read, written } = encoder.encodeInto(text.slice(at), piece);
    at += read;
    pieces.push(piece.subarray(0, written));
  }
  return pieces;
}

/** Takes back what nobody reads any more: the connection has closed, or the system has taken every byte. */
export function takeBack(pieces: readonly Buffer[]): void {
  for (const { buffer } of pieces.slice(0, MOST_SPARE - spare.length)) spare.push(Buffer.from(buffer));
}
