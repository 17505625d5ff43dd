import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Pinned } from "../bundle/description";
import { BundleError } from "../bundle/finding";
import { expandInputs } from "../bundle/inputs";
import { manifestSchema } from "../bundle/manifest";
import { createModel, nativeRoute } from "../predict/model";
import {
  columnsAsJson,
  exactJson,
  predictionsFromJson,
  sampleResponse,
  samplesOf,
  writeSample,
} from "./complete-samples";
import { readLock } from "./lock";
import { readSamples, type Sample, sampleRequest, sampleRoute } from "./sample-rows";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "picklepod-samples-"));
  mkdirSync(join(folder, "samples"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const manifest = manifestSchema.parse({
  name: "mine",
  version: "1",
  environment: { python: "3.9" },
  artifacts: { model: "model.pkl" },
  inputs: [
    ["x", { type: "number", null: "nan" }],
    ["day", { type: "category", values: ["mon", "tue"] }],
    ["t", "text"],
  ],
  steps: [{ predict: "model", columns: ["x"], output: "p" }],
  outputs: { p: "p", m: "m" },
  contract: {
    routes: [
      { path: "/predict", response: { shape: "records", status: 201, fields: { p: { output: "p" } } } },
      {
        path: "/one",
        method: "GET",
        request: { shape: "query" },
        response: { shape: "single", fields: { p: { output: "p" } } },
      },
    ],
    errors: { status: 400, body: { bad: "request" } },
  },
});
const description = {
  name: "mine",
  version: "1",
  digest: "abc",
  outputs: [
    { name: "p", from: "p" },
    { name: "m", from: "m" },
  ],
  tensors: { p: { datatype: "FP64", columns: null }, m: { datatype: "FP32", columns: ["a", "b"] } },
} as unknown as Pinned;
const model = createModel({
  name: "mine",
  folder: "mine",
  manifest,
  inputs: expandInputs(manifest),
  json: description,
});

const write = (file: string, sample: unknown): void => {
  writeFileSync(join(folder, "samples", file), exactJson(sample));
};
const ROW = { x: -0, day: "tue", t: "ü" };

it("are read by file, but for the index of fingerprints", () => {
  write("b.json", { request: ROW });
  write("a.json", { route: "POST /predict", request: [ROW], status: 201 });
  write("fingerprints.json", {});
  expect([...readSamples(folder)]).toEqual([
    ["a.json", { route: "POST /predict", request: [ROW], status: 201 }],
    ["b.json", { request: ROW }],
  ]);
});

it("that are none are told with their file", () => {
  write("a.json", { requst: ROW });
  expect(() => readSamples(folder)).toThrow(BundleError);
  expect(() => readSamples(folder)).toThrow(join(folder, "samples", "a.json"));
});

it("ask the native route, or the one they name", () => {
  expect(sampleRoute("a.json", { request: ROW }, manifest)).toBe(nativeRoute);
  expect(sampleRoute("a.json", { route: "POST /predict", request: ROW }, manifest).status).toBe(201);
  expect(() => sampleRoute("a.json", { route: "GET /predict", request: ROW }, manifest)).toThrow(
    "a.json: the contract has no route GET /predict. It has POST /predict, GET /one",
  );
});

it("of a query string may be written as text or as an object", () => {
  const route = sampleRoute("a.json", { route: "GET /one", request: "" }, manifest);
  const texts = [{ x: "1", day: "mon" }];
  expect(sampleRequest({ request: "x=1&day=mon" }, route).rows).toEqual(texts);
  expect(sampleRequest({ request: { x: "1", day: "mon" } }, route).rows).toEqual(texts);
});

it("have columns, or the problem they are answered with: the contract's own on its routes", () => {
  write("a.json", { request: [ROW, { ...ROW, x: null }] });
  write("b.json", { route: "POST /predict", request: { x: "bad" } });
  write("c.json", { request: { ...ROW, y: 1 } });
  const made = samplesOf(folder, model).map((sample) => sample.made);
  const columns = { rows: 2, numbers: Float64Array.of(-0, NaN), codes: Int32Array.of(1, 1), texts: [["ü", "ü"]] };
  expect(made.slice(0, 2)).toEqual([{ columns }, { status: 400, text: '{"bad":"request"}' }]);
  expect(made[2]).toMatchObject({ status: 422, text: expect.stringContaining('"pointer":"#/y"') as string });
  expect(columnsAsJson(columns)).toEqual({ numbers: [[-0], [null]], codes: [[1], [1]], texts: [["ü"], ["ü"]] });
});

it("with outputs have the response that the route makes of them", () => {
  const outputs = {
    p: [0.5, -0],
    m: [
      [0.10000000149011612, 1],
      [2, 3],
    ],
  };
  expect(predictionsFromJson(outputs, description)).toEqual({
    rows: 2,
    outputs: [
      { name: "p", columns: null, values: Float64Array.of(0.5, -0) },
      { name: "m", columns: ["a", "b"], values: Float32Array.of(0.1, 1, 2, 3) },
    ],
  });
  const native = sampleResponse("a.json", { request: [ROW, ROW] }, model, description, outputs);
  expect(native).toEqual({
    status: 200,
    text: '{"model":"mine","version":"1","digest":"abc","predictions":[{"p":0.5,"m":[0.10000000149011612,1]},{"p":-0,"m":[2,3]}]}',
  });
  const sample = { route: "POST /predict", request: [ROW, ROW] };
  expect(sampleResponse("a.json", sample, model, description, outputs)).toEqual({
    status: 201,
    text: '[{"p":0.5},{"p":-0}]',
  });
});

it("are written so that what is read back is what was meant, the sign of zero included", () => {
  const sample: Sample = {
    request: { ...ROW, t: 'a "ü"\n' },
    columns: { numbers: [[-0, null]], codes: [[1]], texts: [["ü"]] },
    status: 200,
  };
  writeSample(folder, "a.json", sample);
  const text = readFileSync(join(folder, "samples", "a.json"), "utf8");
  expect(text).toContain('"columns": {"numbers": [[-0.0, null]]');
  expect((JSON.parse(text) as Sample).columns).toEqual(sample.columns);
  expect(exactJson([-0, 0, 1e21, "x", { a: null }])).toBe('[-0.0, 0, 1e+21, "x", {"a": null}]');
});

it("a lock says every package and its exact version, by its normal name", () => {
  const text = `# lock of requirements.txt
--index-url https://example.org/simple
numpy==1.19.5 \\
    --hash=sha256:abc
Scikit_Learn[all]==0.23.1 ; python_version < "3.8"
zope.interface==5.0
`;
  writeFileSync(join(folder, "requirements.lock"), text);
  expect(readLock(folder, "requirements.lock")).toMatchObject({
    file: "requirements.lock",
    packages: { numpy: "1.19.5", "scikit-learn": "0.23.1", "zope-interface": "5.0" },
  });
});
