// Mechanisms that stand between callers and what they ask for.
import { ends } from "./ends.mjs";

/** Everybody is taken, and waits. */
const admitAll = {
  changes: [
    ends("predict/admission.js", "reasonAgainst(rows, remainingMs, lane) {"),
    ends("predict/queue-delay.js", "left(rowsBehind) {"),
  ],
  env: { MAX_ROWS_WAITING: "1000000000" },
};

export const callers = {
  admission: {
    what: "nobody is refused for the work that waits, nor for the delay of the queue",
    tests: ["R1"],
    misses: /^(5|10) x: (goodput|p99 of the 200s|504s)/,
    ...admitAll,
  },
  // Either alone lets it recover: with few that wait, or since whoever waits for longer than a second is gone after that.
  expiry: {
    what: "nobody is refused, and rows of those who have been told 504 are computed all the same",
    tests: ["R2"],
    misses: /^right, from 1 s after on/,
    changes: [
      ...admitAll.changes,
      ["predict/batcher.js", "submission.reject(signal.reason);", "submission.rejectAll(signal.reason);"],
      ["predict/batcher.js", "queue.rows -= this.rowsIn(submission.takeBack());", ""],
      ends("predict/predictor.js", "function refusalOf({ remainingMs, since }, lane, admission) {"),
      ["predict/predictor.js", "Math.max(...parts.map((part) => part.remainingMs()))", "1000"],
    ],
    env: admitAll.env,
  },
  "queue-delay": {
    what: "whoever waits in a queue that stands is not refused",
    tests: ["R1"],
    misses: / x: p99 of the 200s/,
    changes: [ends("predict/queue-delay.js", "left(rowsBehind) {")],
  },
  "small-calls": {
    what: "a large call goes to the sidecar whole",
    tests: ["R3"],
    misses: /^beside calls of 60 slow rows: p99 of the singles/,
    changes: [["predict/predictor.js", "const MOST_MS_A_CALL = 10;", "const MOST_MS_A_CALL = 1e9;"]],
  },
  foresight: {
    what: "bulk is taken where it is foreseen to come just in time, whatever it has taken lately",
    tests: ["R3"],
    misses: /^calls of 60 rows at twice the peak/,
    changes: [ends("predict/foresight.js", "slowness(lane) {", "1")],
  },
  cancelling: {
    what: "rows of clients that have gone are computed",
    tests: ["R11"],
    misses: /^of those that stay/,
    changes: [ends("predict/deadline.js", "abandon: () => {")],
  },
  "unread-answers": {
    what: "who does not read its answer may keep it for ever, where there is room for it",
    tests: ["R12"],
    misses: /^slow readers: longest until one was cut/,
    changes: [ends("slow-clients.js", "function sweepUnreadAnswers(unreadForMs) {", "() => {}")],
  },
  "room-for-answers": {
    what: "there is room for any number of large answers that nobody reads",
    tests: ["R12"],
    misses: /^memory more than at most where the same answers are read/,
    changes: [ends("predict/write-whole.js", "function makeRoom(bytes, { bytes: most, stalledMs }) {", "0")],
  },
  "slow-bodies": {
    what: "a body may take any time",
    tests: ["R12"],
    misses: /^slow bodies: all cut after/,
    changes: [ends("slow-clients.js", "function sweepSlowBodies(withinMs) {", "() => {}")],
  },
  "head-timeout": {
    what: "a head may take any time",
    tests: ["R12"],
    misses: /^slowloris: longest until one was cut/,
    changes: [["listen.js", "headersTimeout: 10_000", "headersTimeout: 0"]],
  },
  "body-limit": {
    what: "a body may be of any size",
    tests: ["R13"],
    misses: /^answered otherwise than 413/,
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
    misses: /a key twice: 200/,
    changes: [ends("rows/repeated-keys.js", 'function repeatedKeys(json, parsed, pointer = "#") {', "[]")],
  },
  "json-errors": {
    what: "what is no JSON is thrown as it is",
    tests: ["R14"],
    misses: /a comma too many: 500/,
    changes: [["predict/parse-body.js", "error instanceof SyntaxError", "false"]],
  },
  "bad-requests": {
    what: "floods of headers and a missing Host are let through",
    tests: ["R15"],
    misses: /150 headers, .*: 200, no Host: 200/,
    changes: [ends("bad-requests.js", "function problemOf({ rawHeaders, httpVersion }) {")],
  },
};
