// docs/benchmarks/README.md. Written anew by each run: what is to be said about it is said here.
import { digits } from "./numbers.mjs";
import * as tables from "./tables.mjs";

export function page(results, found) {
  return `${[...opening(results, found), ...measurements(results), ...conditions(results)].join("\n\n")}\n`;
}

const opening = (results, found) => [
  "# Benchmarks",
  `Written by \`npm run bench\`; do not edit. The same three pickles (imputer, scaler, a logit on 25 of 100 columns), the same rows,
the same machine, one run of ${digits(results.minutes)} minutes, every server shown to answer right before it is timed. **A ratio in one run counts; an
absolute time is this machine's.** Two cores are shared by the server and its client, so a server that spends less leaves its
client more.`,
  "## What we are after",
  tables.goalTable(found),
  "## At a glance",
  tables.serverTable(results),
];

const measurements = (results) => [
  "## Single rows",
  "![requests a second against clients](throughput.svg)",
  "![p99 against clients](p99.svg)",
  tables.clientsTable(results),
  "The slowest are not asked by 256 and 1,024 clients: they would only queue.",
  tables.cpuTable(results),
  "## Latency against offered load",
  `Requests arrive at a constant rate whether or not earlier ones have been answered, and a request's time runs from when it was due: a
server that stalls is charged for everybody who would have come meanwhile (p99.9 where there were a thousand requests). A server is asked no further once its p99 is beyond
${results.plan.openLoop.hopelessMs} ms. The generator itself is part of the time: it wakes once a millisecond, and shares the cores.`,
  "![latency against offered load](open-loop.svg)",
  tables.openLoopTable(results),
  "## Many rows in one call",
  "![time against rows](rows.svg)",
  tables.rowsTable(results),
  inProcess(results),
  tables.streamRowsTable(results),
  "## Single rows beside large calls",
  `${results.plan.besideBulk.rate} single rows a second, first alone, then while one client sends 10,000-row calls back to back.`,
  tables.besideTable(results),
  "The same with so many clients, each of which asks again as soon as it is answered.",
  "![p99 beside large calls against clients](beside.svg)",
  tables.besideClientsTable(results),
  "## A million rows in one streaming call",
  `Each stream is answered in its own media type, and was shown to give every row, in order, and right. Beside it: 10,000-row calls of
the same route, in JSON, in the same minute.`,
  "![memory of the API while a million rows pass](stream-memory.svg)",
  tables.streamTable(results),
  "## Memory",
  "![memory](memory.svg)",
  tables.memoryTable(results),
];

function inProcess({ inProcess: { parse, columns, predict, stringify, sum }, largeCalls }) {
  const ms = (seconds) => digits(seconds * 1000);
  return `10,000 rows in one process, with nobody served: JSON.parse ${ms(parse)} ms, columns ${ms(columns)} ms, the artifacts ${ms(predict)} ms, JSON.stringify
${ms(stringify)} ms: ${ms(sum)} ms in all, against ${ms(largeCalls.picklepod.seconds)} ms through Picklepod.`;
}

const conditions = ({ machine, date, picklepod, servers, starts, plan }) => [
  "## How it was measured",
  `${date}; ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, Linux ${machine.kernel}, Node ${machine.node}; Picklepod ${picklepod}.`,
  servers
    .map(
      ({ label, versions, python, note }) =>
        `- ${label}${versions.length > 0 ? `: ${versions.join(", ")}, Python ${python}` : ""}${note ? `; ${note}` : ""}.`,
    )
    .join("\n"),
  `- All peers run the bundle's own pickles under its own Python and scientific libraries (bench/peers/*.lock, with hashes, each in an
  environment of its own) and score with the same function (bench/peers/scoring.py), but for the Flask app that loads its pickles in
  every request. What a peer answers is held against the artifacts called in a process of their own.
- All servers of a run are up at once, and idle but for the one that is asked; LitServe and Ray, which take CPU while nobody asks them
  anything, are held (SIGSTOP) meanwhile. Rounds are interleaved and begin with another server each
  time: ${plan.singles.rounds} of ${plan.singles.seconds} s and more for each number of clients (${plan.singles.otherRounds} for others than Picklepod and FastAPI); the median is shown.
- Clients are processes of their own: autocannon for closed loops, with the time of each answer taken exactly; bench/load/open-loop.mjs
  for constant rates. Their CPU is not the server's. The server's CPU and memory are those of its whole family of processes in /proc.
- Memory is resident memory, summed over processes: pages that forked workers share count in each.
- Start is from the process's start to the first right answer, the environment being there. Picklepod: ${starts.each.map(digits).join(", ")} s; importing and unpickling
  in a bare Python: ${digits(starts.bareSeconds)} s. Of a start of Picklepod, loading the artifacts and proving the bundle took ${digits(starts.proofSeconds)} s, as the sidecar says.
- Picklepod runs as it comes, its log at level info in a file, but for limits: REQUEST_TIMEOUT_MS, BODY_LIMIT_MB and MAX_ROWS_WAITING are
  as high as they go, since no peer has any, and the bundle is a copy that takes 1,000,000 rows in a call in place of 10,000.`,
  "Run it: `npm run bench` (some twenty minutes, and once the time to install the peers). In two minutes, and with an exit code: `npm run bench:quick`.",
];
