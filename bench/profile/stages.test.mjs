import assert from "node:assert/strict";
import { test } from "node:test";

import { apiStages, stageOf } from "./stages.mjs";

const stage = (...files) =>
  stageOf(
    files.map((file) => ({ functionName: "work", file })),
    apiStages,
  );

test("the innermost frame of a stage has the sample, and Node's own frames on it belong to it", () => {
  assert.equal(stage("node:net", "predict/predict-route.js", "predict/parse-body.js", "node:buffer"), "parse");
});

test("Node alone is Node's, what is nobody's is the rest", () => {
  assert.deepEqual([stage("node:net", "node:internal/streams/writable"), stage("")], ["node", "other"]);
});

test("garbage is collected for nobody, wherever it is", () => {
  const stack = [
    { functionName: "answer", file: "predict/predict-route.js" },
    { functionName: "(garbage collector)", file: "" },
  ];
  assert.equal(stageOf(stack, apiStages), "collect");
});
