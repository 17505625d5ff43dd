// To which stage of a prediction a frame belongs, by the file that it stands in.

export const apiStages = {
  access: ["keys, limits, headers for browsers", /^(access\/|\/(proxy-addr|ipaddr\.js|cors|helmet|ioredis)\/)/],
  read: ["read the body", /^predict\/(read-body|body-limit|large-body)/],
  parse: ["parse it", /^predict\/(parse-body|json-size)/],
  validate: ["validate, to columns", /^(rows\/|bundle\/|predict\/read-request)/],
  batch: [
    "wait or be refused, batch, cut, join",
    /^predict\/(batcher|predictor|predictions|call-cost|deadline|canceller|admission|foresight|queue-delay|event-loop-queue|wait-for-turn|retry-after)/,
  ],
  hop: ["the hop: tensors, HTTP to the sidecar", /^predict\/(sidecar-|post-bytes|reply-size|tensors)|^\/opossum\//],
  shape: [
    "shape the answer",
    /^predict\/(shape-response|record-text|answer-|numpy-repr|to-fixed|not-finite|list-unknown)/,
  ],
  log: ["log", /^(\/pino|\/sonic-boom|\/thread-stream|\/quick-format|log-|serve\.js)/],
  count: ["count, for /metrics", /^(metrics\/|observer\.js|\/prom-client\/)/],
  route: [
    "the route: headers, write",
    /^(app|listen|routes|prediction-routes|request-id|problems|bad-requests|slow-clients|write-unread|swap\/front|predict\/(predict-route|predict-sent|model|accept|media-type|write-whole))/,
  ],
};

export const sidecarStages = {
  tensors: ["read and write tensors", /^picklepod_sidecar\/(tensors|request|answer|answers|values)\.py/],
  compute: [
    "the steps, the artifacts in them",
    /^picklepod_sidecar\/(steps|methods|columns|derived|blocks|called|pace)\.py/,
  ],
  serve: ["find the bundle, check the call", /^picklepod_sidecar\/(app|served|given)\.py/],
  http: ["HTTP and the event loop", /^(picklepod_sidecar\/(http_|server)|asyncio|selectors|uvloop)/],
};

/** What belongs to none of them. */
export const rest = {
  node: ["Node's own HTTP, streams and timers"],
  collect: ["garbage collection"],
  other: ["everything else"],
};

/** The innermost frame that belongs to a stage says it; Node's own work is a stage's where that stage asked for it. */
export function stageOf(stack, stages) {
  if (stack.at(-1)?.functionName === "(garbage collector)") return "collect";
  for (const { file } of [...stack].reverse()) {
    const found = Object.entries(stages).find(([, [, pattern]]) => pattern.test(file));
    if (found !== undefined) return found[0];
  }
  return stack.some(({ file }) => file.startsWith("node:")) ? "node" : "other";
}
