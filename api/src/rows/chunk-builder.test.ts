import { inputSchema } from "../bundle/input-types";
import { ChunkBuilder } from "./chunk-builder";
import { createRowReader } from "./row-reader";

const inputs = new Map([
  ["x", inputSchema.parse({ type: "number" })],
  ["t", inputSchema.parse({ type: "text" })],
]);
const ROWS = 8_192;
const createBuilder = (): ChunkBuilder =>
  new ChunkBuilder(createRowReader({ inputs, extra: "error" }), new Set(), ROWS);

function fill(builder: ChunkBuilder, rows: number): void {
  for (let row = 0; row < rows; row += 1) builder.add({ x: row, t: `text ${row}` });
}

it("a chunk holds little more than what has come of it", () => {
  const builder = createBuilder();
  expect(builder.filling.rows).toBeLessThanOrEqual(512);
  fill(builder, 2_500);
  expect(builder.filling.rows).toBe(ROWS);
  builder.take();
  fill(builder, 1);
  expect(builder.filling.rows).toBeLessThanOrEqual(512);
});

it.each([1, 384, 385, 512, 2_048, ROWS])("%d rows are what was put in, in their order", (rows) => {
  const builder = createBuilder();
  fill(builder, rows);
  expect(builder.room).toBe(ROWS - rows);
  const { columns } = builder.take();
  expect(columns.numbers).toEqual(Float64Array.from({ length: rows }, (_, row) => row));
  expect(columns.texts).toEqual([Array.from({ length: rows }, (_, row) => `text ${row}`)]);
});
