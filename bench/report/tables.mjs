// The tables of docs/benchmarks/README.md.
import { digits, table } from "./numbers.mjs";

const REASON_LENGTH = 100;
/** Why, in a cell; measured once more it may well be otherwise, so it is never a number. */
const failed = (reason) => `failed: ${reason.replaceAll("|", "/").replaceAll("\n", " ").slice(0, REASON_LENGTH)}`;
const cell = (found, ...fields) => {
  if (found === undefined) return "–";
  return found.failure ? failed(found.failure) : fields.map((field) => digits(found[field])).join(" / ");
};
const clientsName = (clients) => (clients === 1 ? "1 client" : `${clients.toLocaleString("en")} clients`);

export function goalTable(found) {
  return table(
    ["what", "goal", "measured", "reached"],
    found.map(({ what, goal, measured, reached }) => [what, goal, measured, reached]),
  );
}

export function serverTable({ servers, missing, idle, singles, largeCalls }) {
  const lines = servers.map(({ id, label, readyMs }) => [
    label,
    cell(singles[id]?.[1], "p50", "p99"),
    rateAndP99(singles[id]?.[64]),
    cell(largeCalls[id], "seconds"),
    digits(readyMs / 1000),
    digits(idle[id].rssMb),
  ]);
  const gone = missing.map(({ label, reason }) => [label, failed(reason), ...Array(4).fill("–")]);
  const head = [
    "server",
    "1 client: p50 / p99, ms",
    "64 clients: requests/s (p99, ms)",
    "10,000 rows in one call, s",
    "start, s",
    "idle, MB",
  ];
  return table(head, [...lines, ...gone]);
}

export function clientsTable({ servers, singles, plan }) {
  const counts = plan.singles.clients;
  const all = singles["picklepod-2"] ? [...servers, { id: "picklepod-2", label: "Picklepod, WORKERS=2" }] : servers;
  const lines = all.map(({ id, label }) => [label, ...counts.map((clients) => rateAndP99(singles[id]?.[clients]))]);
  return table(["requests/s (p99, ms)", ...counts.map(clientsName)], lines);
}

function rateAndP99(found) {
  if (found === undefined || found.failure) return cell(found);
  const failures = found.failed > 0 ? `, ${found.failed} failed` : "";
  return `${digits(found.perSecond)} (${digits(found.p99)}${failures})`;
}

export function cpuTable({ servers, singles }) {
  const lines = servers.map(({ id, label }) => [
    label,
    ...["serverCpuMs", "clientCpuMs"].map((field) => cell(singles[id]?.[64], field)),
  ]);
  return table(["64 clients, CPU for a request, ms", "the server, with all its processes", "the client"], lines);
}

export function besideTable({ servers, besideBulk }) {
  const lines = servers
    .filter(({ id }) => besideBulk[id] !== undefined)
    .map(({ id, label }) => {
      const found = besideBulk[id];
      return [
        label,
        cell(found, "idleP50", "idleP99"),
        cell(found, "besideP50", "besideP99"),
        digits(found.besideP99 / found.idleP99),
        cell(found, "bulkSeconds"),
        found.failed ?? "–",
      ];
    });
  return table(
    [
      "server",
      "idle: p50 / p99, ms",
      "beside: p50 / p99, ms",
      "p99, times idle",
      "a 10,000-row call meanwhile, s",
      "not answered in time",
    ],
    lines,
  );
}

export function besideClientsTable({ servers, besideBulkByClients: seen, plan }) {
  const lines = servers
    .filter(({ id }) => seen[id] !== undefined)
    .map(({ id, label }) => [
      label,
      ...plan.besideBulkClients.clients.map((clients) => idleAndBeside(seen[id][clients])),
    ]);
  const head = ["p99, ms: idle → beside (times idle)", ...plan.besideBulkClients.clients.map(clientsName)];
  return table(head, lines);
}

function idleAndBeside(found) {
  if (found.failure) return cell(found);
  const { idleP99, besideP99 } = found;
  return `${digits(idleP99)} → ${digits(besideP99)} (${digits(besideP99 / idleP99)})`;
}

export function rowsTable({ servers, rowCounts, plan }) {
  const measured = servers.filter(({ id }) => rowCounts[id] !== undefined);
  const lines = plan.rowCounts.map(({ rows }, i) => [
    rows.toLocaleString("en"),
    ...measured.map(({ id }) => milliseconds(rowCounts[id][i])),
  ]);
  return table(["rows in one call, ms", ...measured.map(({ label }) => label)], lines);
}

export function streamRowsTable({ streamRowCounts }) {
  const lines = streamRowCounts.map((found) => [
    found.rows.toLocaleString("en"),
    milliseconds(found),
    digits((found.seconds / found.rows) * 1e6),
  ]);
  return table(["rows as NDJSON in one call", "ms", "µs a row"], lines);
}

const milliseconds = (found) => (found.failure ? cell(found) : digits(found.seconds * 1000));

export function openLoopTable({ servers, openLoop, plan }) {
  const measured = servers.filter(({ id }) => openLoop[id] !== undefined);
  const lines = plan.openLoop.rates.map((rate, i) => [
    rate.toLocaleString("en"),
    ...measured.map(({ id }) => latencies(openLoop[id][i])),
  ]);
  return table(["offered, requests/s", ...measured.map(({ label }) => `${label}: p50 / p99 / p99.9, ms`)], lines);
}

/** Of fewer requests than that, one in a thousand is none. */
const ENOUGH_FOR_P999 = 1_000;
const latencies = (found) => cell(found, "p50", "p99", ...(found?.count < ENOUGH_FOR_P999 ? [] : ["p999"]));

export function streamTable({ streaming }) {
  const fields = ["rowsPerSecond", "jsonRowsPerSecond", "serverCpuSeconds", "clientCpuSeconds", "grownMb", "peakMb"];
  const lines = Object.entries(streaming).map(([name, found]) =>
    found.failure ? [name, cell(found), ...Array(5).fill("–")] : [name, ...fields.map((field) => cell(found, field))],
  );
  const head = [
    "rows/s",
    "10,000-row JSON calls, rows/s",
    "CPU of the server, s",
    "of the client, s",
    "the API's memory grew by, MB",
    "to, MB",
  ];
  return table(["a million rows in one call", ...head], lines);
}

export function memoryTable({ servers, idle, besideBulk, bare }) {
  const lines = servers.map(({ id, label }) => {
    const { rssMb, processes, cpuShare } = idle[id];
    return [label, digits(rssMb), cell(besideBulk[id]?.peak, "rssMb"), processes, `${digits(cpuShare * 100)} %`];
  });
  lines.push(["a bare Python that has unpickled the artifacts", digits(bare.loadedMb), "–", 1, "–"]);
  return table(
    ["resident memory, MB", "idle", "most, singles beside 10,000-row calls", "processes", "CPU while idle"],
    lines,
  );
}
