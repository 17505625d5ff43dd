// What we are after, each a ratio measured in one run, and whether it was reached.
import { digits } from "./numbers.mjs";

/** [{what, goal, measured, reached: "yes" | "no" | "not measured" | why that cannot be told}] */
export function goals(results) {
  const groups = [throughput, alone, largeCall, beside, streaming, growth, starting, memory];
  return groups.flatMap((group) => group(results));
}

const atMost = (what, value, most, unit = "") => judged(what, `≤ ${most}${unit}`, value, value <= most, unit);
const atLeast = (what, value, least, unit = "") => judged(what, `≥ ${least}${unit}`, value, value >= least, unit);

function judged(what, goal, value, good, unit) {
  if (!Number.isFinite(value)) return { what, goal, measured: "–", reached: "not measured" };
  return { what, goal, measured: `${digits(value)}${unit}`, reached: good ? "yes" : "no" };
}

function throughput({ singles }) {
  const many = (id) => singles[id]?.[64];
  const ours = many("picklepod");
  const ratio = (id) => ours.perSecond / many(id)?.perSecond;
  return [
    atLeast("Single rows, 64 clients: requests/s against FastAPI, 2 workers", ratio("fastapi-2"), 3, " x"),
    atMost("… p99 against FastAPI, 2 workers", ours.p99 / many("fastapi-2")?.p99, 1, " x"),
    atLeast("… requests/s against MLServer", ratio("mlserver"), 6, " x"),
    atLeast("… requests/s against Flask with pickles loaded per request", ratio("seed"), 150, " x"),
  ];
}

function alone({ singles }) {
  const [ours, theirs] = [singles.picklepod[1], singles["fastapi-1"]?.[1]];
  return [
    atMost("Single row, 1 client: p50 against FastAPI, 1 worker", ours.p50 / theirs?.p50, 1.3, " x"),
    atMost("… p99 against its own p50", ours.p99 / ours.p50, 3, " x"),
  ];
}

function largeCall({ largeCalls: { picklepod, ...others }, inProcess }) {
  const fastest = Math.min(...Object.values(others).map(({ seconds }) => seconds ?? Infinity));
  return [
    atMost("10,000 rows in one call against the fastest peer", picklepod.seconds / fastest, 1, " x"),
    atMost(
      "… against parse + columns + predict + stringify in one process",
      picklepod.seconds / inProcess.sum,
      1.25,
      " x",
    ),
  ];
}

function beside({ besideBulk: { picklepod }, besideBulkByClients, plan }) {
  const what = "p99 of single rows beside 10,000-row calls against idle";
  const byClients = plan.besideBulkClients.clients.map((clients) => {
    const { besideP99, idleP99 } = besideBulkByClients.picklepod[clients];
    return atMost(
      `… by ${clients.toLocaleString("en")} ${clients === 1 ? "client" : "clients"}`,
      besideP99 / idleP99,
      5,
      " x",
    );
  });
  return [
    atMost(`${what}, ${plan.besideBulk.rate} a second`, picklepod.besideP99 / picklepod.idleP99, 5, " x"),
    ...byClients,
  ];
}

const mediaNames = { ndjson: "NDJSON", csv: "CSV", arrow: "Arrow" };

function streaming({ streaming: seen }) {
  return Object.entries(mediaNames).flatMap(([name, label]) => {
    const { failure, grownMb, rowsPerSecond, jsonRowsPerSecond } = seen[name];
    const what = `A million rows as ${label}`;
    if (failure)
      return [{ what, goal: "one call", measured: failure.slice(0, 100).replaceAll("|", "/"), reached: "no" }];
    return [
      atMost(`${what}: the API's memory grows by`, grownMb, 150, " MB"),
      atLeast(
        "… rows/s against the 10,000-row JSON call",
        rowsPerSecond / jsonRowsPerSecond,
        name === "arrow" ? 5 : 0.9,
        " x",
      ),
    ];
  });
}

function growth({ rowCounts, streamRowCounts, singles }) {
  const perRow = (found, count) => found.find(({ rows }) => rows === count)?.seconds / count;
  const grown = (found, most) => perRow(found, most) / perRow(found, 1_000);
  const ours = singles.picklepod;
  const rates = Object.keys(ours)
    .filter((clients) => clients >= 8)
    .map((clients) => ours[clients].perSecond ?? NaN);
  return [
    atMost(
      "Time for a row as JSON, 100,000 rows in a call against 1,000",
      grown(rowCounts.picklepod, 100_000),
      1.1,
      " x",
    ),
    atMost(
      "Time for a row as NDJSON, 1,000,000 rows in a call against 1,000",
      grown(streamRowCounts, 1_000_000),
      1.1,
      " x",
    ),
    atLeast(
      "Requests/s, the least of 8 to 1,024 clients against the most",
      Math.min(...rates) / Math.max(...rates),
      0.8,
      " x",
    ),
    workers(singles),
  ];
}

/** The client, two processes of the API and the sidecar share the cores: that it scales can only be seen where there are more. */
function workers({ picklepod, "picklepod-2": twice }) {
  const ratio = twice?.[64].perSecond / picklepod[64].perSecond;
  return {
    what: "Requests/s at 64 clients, two processes of the API against one",
    goal: "near 2 x where cores are free",
    measured: Number.isFinite(ratio) ? `${digits(ratio)} x` : "–",
    reached: "none were free",
  };
}

function starting({ starts }) {
  const what = "Start to the first answer, the proof included, against importing and unpickling in a bare Python";
  return [atMost(what, starts.readySeconds / starts.bareSeconds, 1.3, " x")];
}

function memory({ idle: { picklepod }, besideBulk, bare }) {
  return [
    atMost("Memory of the API, idle", picklepod.ownRssMb, 120, " MB"),
    atMost("… under single rows beside 10,000-row calls", besideBulk.picklepod.peak?.ownRssMb, 350, " MB"),
    atMost("Memory of the sidecar, idle, more than a bare Python", picklepod.othersRssMb - bare.loadedMb, 40, " MB"),
  ];
}
