// npm run chaos:overload: draws docs/benchmarks/overload-goodput.svg and overload-latency.svg, writes
// overload.json beside them and their table into docs/reliability.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { lineChart } from "../../bench/report/line-chart.mjs";
import { digits, table } from "../../bench/report/numbers.mjs";
import { peers, picklepod } from "../../bench/servers/peer-table.mjs";
import { withFleet } from "../../bench/servers/with-fleet.mjs";
import { root } from "../places.mjs";
import { writeBetween } from "../write-report.mjs";
import { measureOverload } from "./measure.mjs";

const COMPARED = ["fastapi-1", "mlserver"];
const folder = join(root, "docs/benchmarks");
const seconds = process.argv.includes("--short") ? 2 : 5;
const tell = (text) => process.stderr.write(`${text}\n`);

const PLOTS = [
  "![Right answers within a second, against what is offered](benchmarks/overload-goodput.svg)",
  "![p99 of what is answered, against what is offered](benchmarks/overload-latency.svg)",
].join("\n");

/** As it is out of the box, and not as the benchmark starts it, which waits a minute for an answer. */
const ours = { ...picklepod, environment: ({ port, bundle }) => ({ PORT: port, MODELS: bundle.folder }) };

await withFleet(tell, async (fleet) => {
  const servers = [];
  // One at a time: the others would take memory and processors, though nobody asks them.
  for (const entry of [ours, ...peers.filter(({ id }) => COMPARED.includes(id))]) {
    const server = await fleet.tryStart(entry);
    if (server === undefined) continue; // why, has been told
    servers.push(await measureOverload(server, seconds, tell));
    await fleet.stop(server);
  }
  writeFileSync(join(folder, "overload.json"), `${JSON.stringify({ date: new Date().toISOString().slice(0, 10), seconds, servers }, undefined, 1)}\n`); // prettier-ignore
  for (const [file, drawing] of Object.entries(drawings(servers))) writeFileSync(join(folder, file), drawing);
  writeBetween("overload", `${PLOTS}\n\n${asTable(servers)}`);
});

function drawings(servers) {
  const xName = "requests offered a second";
  const line = (field) =>
    servers.map(({ id, label, points }) => ({ id, label, points: points.map((at) => [at.rate, at[field]]) }));
  return {
    "overload-goodput.svg": lineChart({ title: "Right answers within a second, against what is offered", xName, yName: "answers/s", series: line("goodput") }), // prettier-ignore
    "overload-latency.svg": lineChart({ title: "p99 of what is answered with 200, against what is offered", xName, yName: "ms", series: line("p99") }), // prettier-ignore
  };
}

function asTable(servers) {
  const lines = servers.flatMap(({ label, peak, points }) =>
    points.map(({ times, rate, goodput, p50, p99, refused, others }) => [
      ...[label, `${times} x`, digits(rate), digits(goodput), `${digits((goodput / peak) * 100)} %`],
      ...[digits(p50), digits(p99), String(refused), String(others)],
    ]),
  );
  const head = [
    "server",
    "of its peak",
    "offered/s",
    "good/s",
    "of the peak",
    "p50, ms",
    "p99, ms",
    "refused",
    "no answer in 2 s, or another",
  ];
  return table(head, lines);
}
