// Mechanisms that stand between callers and what they ask for.
import { ends } from "./ends.mjs";

export const callers = {
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
  "bad-requests": {
    what: "floods of headers and a missing Host are let through",
    tests: ["R15"],
    changes: [ends("bad-requests.js", "function problemOf({ rawHeaders, httpVersion }) {")],
  },
};
