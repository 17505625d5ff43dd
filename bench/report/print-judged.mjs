// What bench:quick found, on the terminal.
import Table from "cli-table3";

import { median } from "../load/percentiles.mjs";
import { digits } from "./numbers.mjs";

const measures = [
  ["perSecond", "64 clients: requests/s"],
  ["p99", "64 clients: p99, ms"],
  ["p50", "1 client: p50, ms"],
  ["bulkSeconds", "10,000 rows in one call, s"],
];

export function printJudged(judged, seen) {
  const servers = Object.entries(seen);
  print(
    ["medians", ...servers.map(([id]) => id)],
    measures.map(([measure, name]) => [
      name,
      ...servers.map(([, rounds]) => digits(median(rounds.map((round) => round[measure])))),
    ]),
  );
  print(
    ["Picklepod, times as fast", "against", "median", "rounds", "at least", ""],
    judged.map(({ what, against, ratio, least, most, bound, lost }) => [
      ...[what, against, digits(ratio), `${digits(least)} to ${digits(most)}`],
      ...[digits(bound), lost ? "LOST" : "kept"],
    ]),
  );
}

function print(head, lines) {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...lines);
  console.log(table.toString());
}
