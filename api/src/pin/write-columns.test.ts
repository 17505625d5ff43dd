import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { writeColumns } from "./write-columns";

it("the proof's numbers go to the reference as they lie in memory, whatever part of it they are", async () => {
  const folder = mkdtempSync(join(tmpdir(), "picklepod-columns-"));
  const numbers = Float64Array.of(9, -0, NaN, 1.5, 1e-310).subarray(1);
  await writeColumns(
    folder,
    { rows: 2, numbers, codes: Int32Array.of(0, -1), texts: [["a", "ü"]] },
    { "a.json": [0, 1] },
  );
  const bytes = readFileSync(join(folder, "numbers.f64"));
  expect(new Float64Array(new Uint8Array(bytes).buffer)).toEqual(Float64Array.of(-0, NaN, 1.5, 1e-310));
  expect(JSON.parse(readFileSync(join(folder, "columns.json"), "utf8"))).toEqual({
    numbers: { file: "numbers.f64", rows: 2 },
    codes: [[0], [-1]],
    texts: [["a"], ["ü"]],
    samples: { "a.json": [0, 1] },
  });
  rmSync(folder, { recursive: true });
});
