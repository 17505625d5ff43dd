import request from "supertest";

import { modelOfOneOutput } from "../test/one-output";
import { idle } from "../test/idle-predictor";
import { createApp } from "./app";
import type { SidecarMetadata } from "./bundle/sidecar-metadata";
import { noObserver, type Observer } from "./observer";
import type { PredictLimits } from "./predict/deadline";
import type { Model } from "./predict/model";
import type { Predictor } from "./predict/predictor";
import { Problem } from "./problems";
import { endRowWorkers } from "./rows/row-workers";

/** Ready, and answers 1 to every row, whatever it holds. */
function readyModel(more: Partial<Predictor> = {}): Model {
  const { model, description } = modelOfOneOutput([
    ["x", { type: "number", null: "nan" }],
    ["day", { type: "category", values: ["mon", "tue"], absent: "zeros", unknown: "zeros" }],
  ]);
  const predict = ({ rows }: { rows: number }) =>
    Promise.resolve({ rows, outputs: [{ name: "p", columns: null, values: new Float64Array(rows).fill(1) }] });
  const sidecar = { digest: "d", state: "ready", proof: "exact" } as unknown as SidecarMetadata;
  const predictor = { ...idle, predict, ...more };
  model.availability = { state: "ready", description, sidecar, predictor };
  return model;
}

/** What is told of calls, one after the other, without times. */
let told: unknown[] = [];
const observer: Observer = {
  ...noObserver,
  hearsImputed: true,
  answered: ({ model, status, rows, problem }) => told.push(["answered", model, status, rows, problem?.problemName]),
  timed: (model, stage, ms) => told.push([stage, model, ms >= 0]),
  unknownCategories: (model, counts) => told.push(["unknown", model, ...counts]),
  imputed: (model, counts) => told.push(["imputed", model, ...counts]),
};

function ask(listening: Observer = observer, predictor: Partial<Predictor> = {}, takeRows?: PredictLimits["takeRows"]) {
  told = [];
  const app = createApp({
    ...{ models: [readyModel(predictor)], refused: new Map(), refusedDefault: undefined, isDraining: () => false },
    ...{
      limits: { bodyBytes: 1_000_000, timeoutMs: 2_000, takeRows },
      sidecarUrlOf: () => undefined,
      rawInference: false,
    },
    observer: listening,
  });
  return request(app).post("/models/mine/predictions");
}

const rows = [{ x: null, day: "sun" }, { x: 1, day: "mon" }, { x: "" }, { x: 2, day: "sun" }];
const cells = [
  ["unknown", "mine", ["day", 2]],
  ["imputed", "mine", ["x", 2], ["day", 1]],
];
afterAll(endRowWorkers);

it("a prediction tells of its stages, its cells and its answer", async () => {
  await ask().send(rows);
  expect(told).toEqual([
    ["read", "mine", true],
    ["validate", "mine", true],
    ["shape", "mine", true],
    ...cells,
    ["answered", "mine", 200, 4, undefined],
  ]);
});

it("a body of any size tells of its cells, whichever thread has read it", async () => {
  const asked = ask().set("content-type", "application/json").set("transfer-encoding", "chunked");
  asked.write(`${JSON.stringify(rows)}${" ".repeat(300_000)}`); // more than the event loop reads itself
  await asked;
  expect(told).toEqual([["shape", "mine", true], ...cells, ["answered", "mine", 200, 4, undefined]]);
});

it("rows that are refused for others that wait are not counted for who sent them", async () => {
  const taken: number[] = [];
  const takeRows = (_: unknown, count: number): Promise<void> => Promise.resolve(void taken.push(count));
  const crowded = (): never => {
    throw new Problem("overloaded", { detail: "4 rows are waiting already." });
  };
  await ask(observer, { admitRows: crowded }, takeRows).send(rows).expect(503);
  expect(taken).toEqual([]);
  await ask(observer, {}, takeRows).send(rows).expect(200);
  expect(taken).toEqual([4]);
});

it("so does a stream", async () => {
  const lines = rows.map((row) => JSON.stringify(row)).join("\n");
  await ask().set("content-type", "application/x-ndjson").send(lines);
  expect(told).toEqual([["answered", "mine", 200, 4, undefined], ...cells]);
});

it("rows that are refused tell of no cells, for nothing was predicted of them", async () => {
  await ask().send([...rows, { x: "abc" }]);
  expect(told).toEqual([["answered", "mine", 422, 5, "invalid-rows"]]);
});

it("cells are not looked at for whoever does not listen", async () => {
  await ask({ ...observer, hearsImputed: false }).send(rows);
  expect(told.map((one) => (one as unknown[])[0])).toEqual(["read", "validate", "shape", "unknown", "answered"]);
});
