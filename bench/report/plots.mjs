// The plots of docs/benchmarks, by file name.
import { barChart } from "./bar-chart.mjs";
import { lineChart } from "./line-chart.mjs";

export function plots(results) {
  return {
    "throughput.svg": againstClients(
      results,
      "perSecond",
      "Single rows: requests a second against clients",
      "requests/s",
    ),
    "p99.svg": againstClients(results, "p99", "Single rows: p99 against clients", "p99, ms"),
    "rows.svg": againstRows(results),
    "beside.svg": beside(results),
    "stream-memory.svg": streamMemory(results),
    "memory.svg": memory(results),
    "open-loop.svg": openLoop(results),
  };
}

function againstClients({ servers, singles, plan }, field, title, yName) {
  const series = servers.map(({ id, label }) => ({
    ...{ id, label },
    points: Object.entries(singles[id] ?? {}).map(([clients, found]) => [Number(clients), found[field]]),
  }));
  return lineChart({ title, xName: "clients", yName, series, xTicks: plan.singles.clients });
}

function againstRows({ servers, rowCounts, streamRowCounts }) {
  const points = (found) => found.map(({ rows, seconds }) => [rows, seconds * 1000]);
  const json = servers
    .filter(({ id }) => rowCounts[id] !== undefined)
    .map(({ id, label }) => ({ id, label, points: points(rowCounts[id]) }));
  const stream = { id: "picklepod", label: "Picklepod, NDJSON stream", dash: "6 4", points: points(streamRowCounts) };
  const series = [...json, stream];
  return lineChart({ title: "Time of one call against the rows in it", xName: "rows", yName: "ms", series });
}

function beside({ servers, besideBulkByClients: seen, plan }) {
  const points = (id, field) => Object.entries(seen[id]).map(([clients, found]) => [Number(clients), found[field]]);
  const series = servers
    .filter(({ id }) => seen[id] !== undefined)
    .flatMap(({ id, label }) => [
      { id, label: `${label}, alone`, dash: "2 4", points: points(id, "idleP99") },
      { id, label: `${label}, beside`, points: points(id, "besideP99") },
    ]);
  const title = "p99 of single rows, alone and beside 10,000-row calls";
  return lineChart({ title, xName: "clients", yName: "p99, ms", series, xTicks: plan.besideBulkClients.clients });
}

function streamMemory({ streaming }) {
  const series = Object.entries(streaming)
    .filter(([, { seen }]) => seen !== undefined)
    .map(([name, { seen }]) => ({ id: name, label: name, points: seen.map((at) => [at.seconds, at.ownRssMb]) }));
  const title = "Resident memory of the API while a million rows pass";
  return lineChart({ title, xName: "seconds", yName: "MB", series, fromNothing: true });
}

function memory({ servers, idle, besideBulk, singles }) {
  const bars = servers.map(({ id, label }) => {
    const loads = [besideBulk[id]?.peak?.rssMb, ...Object.values(singles[id] ?? {}).map(({ peakMb }) => peakMb)];
    return { id, label, idle: idle[id].rssMb, peak: Math.max(...loads.filter(Number.isFinite)) };
  });
  return barChart({ title: "Resident memory, all processes", unit: "MB", bars });
}

const QUANTILES = [
  ["p50", "2 4"],
  ["p99", undefined],
  ["p999", "8 4"],
];

function openLoop({ servers, openLoop: seen, plan }) {
  const series = servers
    .filter(({ id }) => seen[id] !== undefined)
    .flatMap(({ id, label }) =>
      QUANTILES.map(([field, dash]) => ({
        ...{ id, dash },
        label: `${label}, ${field === "p999" ? "p99.9" : field}`,
        points: seen[id].map((found) => [found.rate, found[field]]),
      })),
    );
  const title = "Latency against offered load (arrivals at a constant rate)";
  return lineChart({ title, xName: "requests offered a second", yName: "ms", series, xTicks: plan.openLoop.rates });
}
