import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Columns } from "../rows/columns";
import { codesAndTexts, exactJson } from "./complete-samples";

/**
 * The rows of the proof for the reference: columns.json, and beside it the numbers as they lie in memory (little-endian,
 * row by row), as the text of wide rows would take gigabytes to write and to read.
 */
export async function writeColumns(
  folder: string,
  columns: Columns,
  samples: Readonly<Record<string, readonly [first: number, count: number]>>,
): Promise<void> {
  const { buffer, byteOffset, byteLength } = columns.numbers;
  await writeFile(join(folder, "numbers.f64"), new Uint8Array(buffer, byteOffset, byteLength));
  const numbers = { file: "numbers.f64", rows: columns.rows };
  await writeFile(join(folder, "columns.json"), exactJson({ numbers, ...codesAndTexts(columns), samples }));
}
