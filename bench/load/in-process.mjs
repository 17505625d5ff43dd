// What 10,000 rows cost a Node that does nothing but parse them, take their columns and write answers.
import { readFileSync } from "node:fs";

import { rowsFile } from "../servers/rows.mjs";
import { median } from "./percentiles.mjs";

const TIMES = 7;
const WARM = 2;
/** As many names as the example's answers list. */
const SELECTED = 10;

export function inProcess() {
  const bytes = readFileSync(rowsFile);
  const seen = Array.from({ length: TIMES }, () => once(bytes)).slice(WARM);
  const [parse, columns, stringify] = ["parse", "columns", "stringify"].map((stage) =>
    median(seen.map((times) => times[stage])),
  );
  return { parse, columns, stringify };
}

function once(bytes) {
  const begun = performance.now();
  const rows = JSON.parse(bytes.toString());
  const parsed = performance.now();
  const { names, columns } = extract(rows);
  const extracted = performance.now();
  const selected = names.slice(0, SELECTED);
  const answers = rows.map((_, i) => ({
    probability_positiveclass: columns[0][i],
    selected_features: selected,
    predicted_class: 1,
  }));
  Buffer.from(JSON.stringify(answers));
  const written = performance.now();
  return {
    parse: (parsed - begun) / 1000,
    columns: (extracted - parsed) / 1000,
    stringify: (written - extracted) / 1000,
  };
}

/** A plain loop: numbers into float64 columns, texts read as numbers where they hold one. */
function extract(rows) {
  const names = Object.keys(rows[0]);
  const columns = names.map(() => new Float64Array(rows.length));
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i];
    for (let j = 0; j < names.length; j += 1) {
      const cell = row[names[j]];
      columns[j][i] = typeof cell === "number" ? cell : cell === null ? NaN : Number(cell);
    }
  }
  return { names, columns };
}
