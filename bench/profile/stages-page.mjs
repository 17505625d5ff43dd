// docs/benchmarks/stages.md: the tables that docs/where-the-time-goes.md speaks of.
import { digits, table } from "../report/numbers.mjs";
import { apiStages, rest, sidecarStages } from "./stages.mjs";

export function stagesPage({ wall, clients, cpu }) {
  return `${[
    "# Time by stage",
    "Written by `npm run bench:profile`; do not edit. Absolute times are one machine's; the shares tell.",
    "## What a call waits for",
    "One client that asks again when it is answered; the clocks stand in the API, and py-spy tells what the sidecar computes.",
    wallTable(wall),
    `## What the processors do: single rows, ${clients} clients`,
    "![flame graph of the API](flame-api.svg)",
    cpuTable("the API", cpu.api, apiStages),
    "![flame graph of the sidecar](flame-sidecar.svg)",
    cpuTable("the sidecar", cpu.sidecar, sidecarStages),
  ].join("\n\n")}\n`;
}

/** `predict` holds `call`, which holds `tensors` and `compute`. A large body is read, parsed and validated by a worker thread. */
const waits = [
  ["read the body", ({ read }) => read],
  ["parse it", ({ parse }) => parse],
  ["validate, to columns", ({ validate }) => validate],
  ["wait for a batch, cut, join", ({ predict, call }) => predict - call],
  ["write and read tensors", ({ tensors }) => tensors],
  ["the hop to the sidecar and back", ({ call, tensors, compute }) => call - tensors - compute],
  ["compute: the steps, the artifacts in them", ({ compute }) => compute],
  ["shape the answer", ({ shape }) => shape],
  ["write it", ({ write }) => write],
];

function wallTable({ one, large }) {
  const clocks = ["read", "parse", "validate", "predict", "shape", "write"];
  const unseen = (found) => found.whole - clocks.reduce((sum, stage) => sum + (found[stage] ?? 0), 0);
  const lines = [
    ...waits,
    ["Node's own HTTP, the sockets, the client; of many rows also their reading, by a worker thread", unseen],
    ["**the whole, as the client sees it**", ({ whole }) => whole],
  ];
  const cells = (found, of) => [digits(of(found)), share(of(found), found.whole)];
  return table(
    ["stage", "one row, ms", "share", "10,000 rows, ms", "share"],
    lines.map(([name, of]) => [name, ...cells(one, of), ...cells(large, of)]),
  );
}

function cpuTable(who, spent, stages) {
  const whole = Object.values(spent).reduce((sum, each) => sum + each, 0);
  const lines = Object.entries({ ...stages, ...rest })
    .filter(([stage]) => spent[stage] > 0)
    .map(([stage, [name]]) => [name, digits(spent[stage]), share(spent[stage], whole)]);
  return table(
    [`CPU of ${who} for a request`, "µs", "share"],
    [...lines, ["**all**", digits(whole), share(whole, whole)]],
  );
}

const share = (part, whole) => (Number.isFinite(part) ? `${((part / whole) * 100).toFixed(0)} %` : "–");
