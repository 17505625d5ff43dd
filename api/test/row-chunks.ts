import { inputSchema } from "../src/bundle/input-types";
import { BodyReader } from "../src/rows/body-reader";
import type { RowChunk, RowsMedia } from "../src/rows/row-chunk";
import { createRowReader } from "../src/rows/row-reader";
import { decoders } from "../src/rows/decoders/decoders";

interface Given {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly media: RowsMedia;
  readonly extra?: "error" | "ignore";
  readonly ignored?: readonly string[];
  readonly rowsPerChunk?: number;
  readonly maxRowBytes?: number;
}

/** The chunks of a body that comes in these pieces, as a worker makes them. */
export async function readChunks(given: Given, pieces: readonly Buffer[]): Promise<RowChunk[]> {
  const chunks: RowChunk[] = [];
  for await (const chunk of chunksOfPieces(given, pieces)) chunks.push(chunk);
  return chunks;
}

export async function* chunksOfPieces(given: Given, pieces: readonly Buffer[]): AsyncGenerator<RowChunk> {
  const { inputs, media, extra = "error", ignored = [], rowsPerChunk = 1_000, maxRowBytes = 10_000 } = given;
  const parsed = new Map(Object.entries(inputs).map(([name, input]) => [name, inputSchema.parse(input)]));
  const asked = { reader: 1, media, rowsPerChunk, maxRowBytes, ignored: new Set(ignored) };
  const body = new BodyReader(createRowReader({ inputs: parsed, extra }), await decoders[media](), asked);
  for (const piece of pieces) body.add(Buffer.from(piece));
  body.end();
  for (let turn = body.turn(); turn.kind !== "done"; turn = body.turn()) {
    if (turn.kind === "idle") throw new Error("a body that has ended is never idle");
    if (turn.kind !== "chunk") continue;
    yield turn.chunk;
    body.addCredit();
  }
}

/** One body at every place where it can be cut in two, and byte by byte. */
export function everyCut(body: Buffer): Buffer[][] {
  const inTwo = Array.from(body, (_, at) => [body.subarray(0, at), body.subarray(at)]);
  return [[body], ...inTwo, Array.from(body, (byte) => Buffer.of(byte))];
}
