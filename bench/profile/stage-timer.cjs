// Loaded into the API before its own code (node -r): times the stages of a prediction by wrapping what modules of dist export.
// On SIGUSR2 it writes what it saw since the last one, and begins anew.
const { writeFileSync, renameSync } = require("node:fs");
const { join } = require("node:path");

const file = process.env.BENCH_STAGES_FILE;
const dist = process.env.BENCH_DIST;
let seen = {};

function count(stage, ms) {
  const { calls, total } = (seen[stage] ??= { calls: 0, total: 0 });
  seen[stage] = { calls: calls + 1, total: total + ms };
}

const timed = (stage, work) =>
  function (...args) {
    const begun = performance.now();
    const done = () => count(stage, performance.now() - begun);
    const result = work.apply(this, args);
    if (typeof result?.then === "function") result.then(done, done);
    else done();
    return result;
  };

/** @param change of the export: what stands in its place */
function replace(module, name, change) {
  const exported = require(join(dist, module));
  if (typeof exported[name] !== "function")
    throw new Error(`${module} has no ${name}: bench/profile times what is not there`);
  exported[name] = change(exported[name]);
}

/** Of something that makes the function that is to be timed. */
const made =
  (stage) =>
  (make) =>
  (...args) =>
    timed(stage, make(...args));
const method =
  (stage, name) =>
  (make) =>
  (...args) => {
    const object = make(...args);
    return { ...object, [name]: timed(stage, object[name]) };
  };

/** Until the answer's end is written: a large one leaves in pieces, no faster than its client reads. */
const untilEnded =
  (stage, write) =>
  (response, ...more) => {
    const begun = performance.now();
    const { end } = response;
    response.end = function (...args) {
      const ended = end.apply(this, args);
      count(stage, performance.now() - begun);
      return ended;
    };
    write(response, ...more);
  };

replace("predict/read-body.js", "readBody", (work) => timed("read", work));
replace("predict/parse-body.js", "parseBody", (work) => timed("parse", work));
replace("predict/read-request.js", "readRequest", (work) => timed("validate", work));
replace("rows/validate-rows.js", "createRowValidator", made("validate"));
replace("predict/predictor.js", "createPredictor", method("predict", "predict"));
replace("predict/sidecar-client.js", "createSidecarClient", method("call", "infer"));
replace("predict/tensors.js", "encodeInfer", (work) => timed("tensors", work));
replace("predict/tensors.js", "decodeReply", (work) => timed("tensors", work));
replace("predict/shape-response.js", "contractShape", made("shape"));
replace("predict/answer-text.js", "writeAnswerText", (work) => timed("shape", work));
replace("predict/write-whole.js", "writeWhole", (work) => untilEnded("write", work));

process.on("SIGUSR2", () => {
  const found = seen;
  seen = {};
  writeFileSync(`${file}.part`, JSON.stringify(found));
  renameSync(`${file}.part`, file);
});
