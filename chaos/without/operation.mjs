// Mechanisms for what is done to a server: it ends, its bundles change, what it needs of the machine is gone.
import { ends } from "./ends.mjs";

export const operation = {
  goodbye: {
    what: "the port closes with the signal, and kept connections with it",
    tests: ["R8"],
    misses: /^sent within \d+ ms of the signal/,
    changes: [
      ["listen-drain.js", "const GOODBYE_MS = 1_000;", "const GOODBYE_MS = 0;"],
      ["listen-drain.js", "const QUIET_MS = 250;", "const QUIET_MS = 0;"],
    ],
  },
  "open-goodbye": {
    what: "whoever comes after the signal is told 503, while the port is still open",
    tests: ["R8"],
    misses: /^sent within \d+ ms of the signal/,
    changes: [
      [
        "listen-drain.js",
        'server.prependListener("request", (_request, response) => response.setHeader("connection", "close"));',
        'server.removeAllListeners("request").on("request", (_request, response) => response.writeHead(503, { "connection": "close", "content-length": 0, "retry-after": "1" }).end());',
      ],
    ],
  },
  draining: {
    what: "SIGTERM cuts the calls that are under way",
    tests: ["R8", "R9"],
    misses: /^(accepted requests lost|large calls and streams under way|not 200)/,
    changes: [
      ends(
        "listen-drain.js",
        "function drains(server, calls) {",
        "{ drain: async () => { server.close(); server.closeAllConnections(); }, cut: () => undefined }",
      ),
    ],
  },
  "not-ready-first": {
    what: "/readyz stays 200 while it ends",
    tests: ["R8"], // R9's balancer asks the other server where no connection can be had, and loses nothing
    misses: /^longest until it said that it is not ready/,
    changes: [["control/health.js", "return (!isDraining() &&", "return ("]],
  },
  "swap-proof": {
    what: "a changed bundle goes live without its proof",
    tests: ["R10"],
    misses: /^the one without proof/,
    changes: [["swap/candidates.js", "start();\n", "start(); resolve(undefined);\n"]],
  },
  "connection-limit": {
    what: "connections may take every file that there is",
    tests: ["R16"],
    misses: /^128 files/,
    changes: [
      ends(
        "connection-limit.js",
        "function limitConnections(server, longestIdle, spare = 0, most = (0, file_limit_1.mostConnections)()) {",
      ),
    ],
  },
  "log-writes": {
    what: "a log that cannot be written is an error like any other",
    tests: ["R16"],
    misses: /^the log's disk is full/,
    changes: [["log-writes.js", "written(bytes, error) {", "written(bytes, error) { if (error !== null) throw error;"]],
  },
  "steady-deadlines": {
    what: "deadlines follow the time of day",
    tests: ["R16"],
    misses: /^the clock jumps: calls in parts/,
    changes: [
      ["predict/deadline.js", "expiresAt - performance.now()", "expiresAt - Date.now()"],
      ["predict/deadline.js", "expiresAt = performance.now()", "expiresAt = Date.now()"],
    ],
  },
  "steady-limits": {
    what: "the windows of limits follow the time of day",
    tests: ["R16"],
    misses: /^the clock jumps: one call more than the limit/,
    changes: [["access/limits/memory-counter.js", "now = () => performance.now()", "now = () => Date.now()"]],
  },
  "local-limits": {
    what: "where Redis does not answer, neither do we",
    tests: ["R19"],
    misses: /^(hanging|killed): not answered with 200/,
    changes: [["access/limits/redis-counter.js", "breaker.fallback(", "void ("]],
  },
  "shared-counting": {
    what: "each process counts for itself, though Redis is well",
    tests: ["R19"],
    misses: /^well: .*let through/,
    changes: [["access/limits/redis-counter.js", "add: (counts) => breaker.fire(counts)", "add: async (counts) => local.add(counts)"]], // prettier-ignore
  },
  "local-counting": {
    what: "where Redis does not answer, nothing is counted",
    tests: ["R19"],
    misses: /^(hanging|killed): .*let through/,
    changes: [
      [
        "access/limits/redis-counter.js",
        "local.add(counts)",
        "({ added: true, counted: counts.map(({ seconds }) => ({ total: 0, endsInMs: seconds * 1000 })) })",
      ],
    ],
  },
};
