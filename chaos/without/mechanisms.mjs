// What can be switched off, to see its tests miss: a setting, or changes to a copy of the built code. A change is `[file, what stands
// there, what is put in its place]`; one that finds nothing ends the run, for then the code has moved and this table must follow.
// Each of `tests` must miss a goal by a figure: by one that `misses` matches where a test has goals of many kinds. Where it cannot
// but fail, `fails` matches what it says then.

/** The method or function ends where it begins. */
const ends = (file, head, value = "undefined") => [file, head, `${head} return ${value};`];

export const mechanisms = {
  admission: {
    what: "nobody is refused for the work that waits, nor for the delay of the queue",
    tests: ["R1", "R2"],
    changes: [
      ends("predict/admission.js", "reasonAgainst(rows, remainingMs, lane) {"),
      ends("predict/queue-delay.js", "left(rowsBehind) {"),
    ],
    env: { MAX_ROWS_WAITING: "1000000000" },
  },
  "queue-delay": {
    what: "whoever waits in a queue that stands is not refused",
    tests: ["R1"],
    changes: [ends("predict/queue-delay.js", "left(rowsBehind) {")],
  },
  "small-calls": {
    what: "a large call goes to the sidecar whole",
    tests: ["R3"],
    changes: [["predict/predictor.js", "const MOST_MS_A_CALL = 10;", "const MOST_MS_A_CALL = 1e9;"]],
  },
  supervisor: {
    what: "a sidecar that has ended is not started again",
    tests: ["R4"],
    changes: [
      ["supervise/supervisor.js", "while (!stopping.aborted) {", "for (let once = true; once; once = false) {"],
    ],
  },
  breaker: {
    what: "the breaker never opens",
    tests: ["R20"], // in R5 the frozen sidecar is found to be silent before as many calls have timed out as open it
    changes: [["predict/sidecar-client.js", "volumeThreshold: 5,", "volumeThreshold: 1e9,"]],
  },
  watching: {
    what: "a sidecar that does not answer counts as well",
    tests: ["R5"],
    misses: /not ready after/,
    changes: [["control/follow-sidecar.js", "const LOST_AFTER_FAILURES = 2;", "const LOST_AFTER_FAILURES = Infinity;"]],
  },
  heartbeat: {
    what: "a frozen sidecar is waited for",
    tests: ["R5"],
    misses: /killed, and serves again after/,
    changes: [ends("supervise/heartbeat.js", "const isFrozen = () => {", "false")],
  },
  verification: {
    what: "the id, name and digest of a reply are believed",
    tests: ["R6"],
    changes: [
      ["predict/tensors.js", "if (header.id !== expected.id)", "if (false)"],
      ["predict/tensors.js", "if (header.model_name !== description.name)", "if (false)"],
      ["predict/tensors.js", "if (header.parameters?.digest !== description.digest)", "if (false)"],
    ],
  },
  bisecting: {
    what: "a batch that fails, fails for all that are in it",
    tests: ["R7"],
    changes: [["predict/predictor.js", "mayBeOneCalls: (error) => error instanceof sidecar_client_1.ArtifactFailed", "mayBeOneCalls: () => false"]], // prettier-ignore
  },
  goodbye: {
    what: "the port closes with the signal, and kept connections with it",
    tests: ["R8"],
    changes: [["listen-drain.js", "const GOODBYE_MS = 1_000;", "const GOODBYE_MS = 0;"]],
  },
  draining: {
    what: "SIGTERM cuts the calls that are under way",
    tests: ["R8", "R9"],
    changes: [
      ends(
        "listen-drain.js",
        "function drains(server, calls) {",
        "async () => { server.close(); server.closeAllConnections(); }",
      ),
    ],
  },
  "not-ready-first": {
    what: "/readyz stays 200 while it ends",
    tests: ["R8"], // R9's balancer asks the other server where no connection can be had, and loses nothing
    changes: [["control/health.js", "return (!isDraining() &&", "return ("]],
  },
  "swap-proof": {
    what: "a changed bundle goes live without its proof",
    tests: ["R10"],
    changes: [["swap/candidates.js", "start();\n", "start(); resolve(undefined);\n"]],
  },
  cancelling: {
    what: "rows of clients that have gone are computed",
    tests: ["R11"],
    changes: [ends("predict/deadline.js", "abandon: () => {")],
  },
  "unread-answers": {
    what: "who does not read its answer may keep it for ever",
    tests: ["R12"],
    misses: /^slow readers: all cut after/,
    changes: [
      ends("slow-clients.js", "function sweepUnreadAnswers(unreadForMs) {", "() => {}"),
      ends("predict/write-whole.js", "function makeRoom(bytes, { bytes: most, stalledMs }) {", "0"),
    ],
  },
  "slow-bodies": {
    what: "a body may take any time",
    tests: ["R12"],
    misses: /^slow bodies: all cut after/,
    changes: [ends("slow-clients.js", "function endSlowBody(response, withinMs) {")],
  },
  "head-timeout": {
    what: "a head may take any time",
    tests: ["R12"],
    misses: /^slowloris: all cut after/,
    changes: [["listen.js", "headersTimeout: 10_000", "headersTimeout: 0"]],
  },
  "body-limit": {
    what: "a body may be of any size",
    tests: ["R13"],
    misses: /^answered otherwise/,
    changes: [
      ends(
        "predict/body-limit.js",
        "function bodyLimitOf({ manifest }, settingBytes) {",
        '{ bytes: Infinity, raise: "" }',
      ),
    ],
  },
  "repeated-keys": {
    what: "of a key that stands twice the last one counts",
    tests: ["R14"],
    changes: [ends("rows/repeated-keys.js", 'function repeatedKeys(json, parsed, pointer = "#") {', "[]")],
  },
  "json-errors": {
    what: "what is no JSON is thrown as it is",
    tests: ["R14"],
    changes: [["predict/parse-body.js", "error instanceof SyntaxError", "false"]],
  },
  "no-proxy": {
    what: "a sidecar is asked through the environment's proxy",
    tests: ["R16"],
    misses: /^a proxy is set: calls that it saw/,
    changes: [["control/sidecar-http.js", "proxy: false,", ""]],
  },
  "bad-requests": {
    what: "floods of headers and a missing Host are let through",
    tests: ["R15"],
    changes: [ends("bad-requests.js", "function problemOf({ rawHeaders, httpVersion }) {")],
  },
  "local-limits": {
    what: "where Redis does not answer, neither do we",
    tests: ["R19"],
    changes: [["access/limits/redis-counter.js", "breaker.fallback(", "void ("]],
  },
  "one-probe": {
    what: "a half-open breaker lets everybody wait for its probe",
    tests: ["R20"],
    changes: [["predict/sidecar-pool.js", "areLeftAlone = () => ", "areLeftAlone = () => false && "]],
  },
};
