import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../places.mjs";
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

/** The modules of a folder of the API, as a profile names them. */
const modulesOf = (folder) =>
  readdirSync(join(root, "api/src", folder), { recursive: true })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => `${folder}/${file.replace(/ts$/, "js")}`);

test("every module on a prediction's way belongs to one stage, and to no second one", () => {
  const modules = [...["predict", "access", "metrics", "rows"].flatMap(modulesOf), "observer.js", "log-writes.js"];
  const stagesOf = (file) => Object.keys(apiStages).filter((name) => apiStages[name][1].test(file));
  const astray = modules.map((file) => [file, ...stagesOf(file)]).filter(({ length }) => length !== 2);
  assert.ok(modules.length > 50);
  assert.deepEqual(astray, []);
});
