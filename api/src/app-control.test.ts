import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";

import request from "supertest";

import { idle } from "../test/idle-predictor";
import { type AppOptions, createApp } from "./app";
import { digestOf, type Pinned } from "./bundle/description";
import { draftOf } from "./bundle/draft";
import { expandInputs } from "./bundle/inputs";
import { manifestSchema } from "./bundle/manifest";
import { noObserver } from "./observer";
import { createModel, type Model } from "./predict/model";

function modelOf(name: string): Model {
  const manifest = manifestSchema.parse({
    name,
    version: "1",
    environment: { python: "3.9" },
    artifacts: { model: "model.pkl" },
    inputs: [
      ["2", "number"],
      ["1", { type: "category", values: ["a"], unknown: "zeros" }],
    ],
    steps: [{ predict: "model", columns: ["2"], output: "p" }],
    outputs: { p: "p" },
    contract: { routes: [{ path: "/predict", response: { shape: "records", fields: { p: { output: "p" } } } }] },
  });
  const lock = { file: "requirements.lock", sha256: "ab", packages: { numpy: "1.19.5" } };
  const draft = {
    ...draftOf(manifest, lock, "cd"),
    artifacts: {},
    tensors: { p: { datatype: "FP64" as const, columns: null } },
  };
  const json: Pinned = { ...draft, digest: digestOf(draft) };
  return createModel({ name, folder: name, manifest, inputs: expandInputs(manifest), json });
}

const SIDECAR = {
  digest: "d",
  state: "ready" as const,
  reason: null,
  proof: "exact" as const,
  fingerprint: "x86",
  blocks: { p: "any" },
  distances: { p: { alone: 0, one_call: 1 } },
  python: "3.9.18",
  libraries: {},
};

function ready(model: Model): Model {
  const description = model.bundle.json as Pinned;
  const predictor = { ...idle, predict: () => Promise.reject(new Error("is not asked")) };
  model.availability = { state: "ready", description, sidecar: SIDECAR, predictor };
  return model;
}

const app = (models: Model[], more: Partial<AppOptions> = {}) =>
  createApp({
    models,
    refused: new Map(),
    refusedDefault: undefined,
    isDraining: () => false,
    limits: { bodyBytes: 1_000, timeoutMs: 500 },
    sidecarUrlOf: () => undefined,
    rawInference: false,
    observer: noObserver,
    ...more,
  });

it("GET /models names each in a line, and the default one", async () => {
  const response = await request(app([ready(modelOf("a")), modelOf("b")])).get("/models");
  expect([response.status, response.body]).toEqual([
    200,
    {
      models: [
        { name: "a", version: "1", description: null, state: "ready", proof: "exact", default: true },
        {
          name: "b",
          version: "1",
          description: null,
          state: "starting",
          reason: "its sidecar has not been heard of yet",
          default: false,
        },
      ],
    },
  ]);
});

it.each(["/models/a", "/models/a@1"])("GET %s tells all that a caller needs to know", async (path) => {
  const model = ready(modelOf("a"));
  expect((await request(app([model])).get(path)).body).toEqual({
    name: "a",
    version: "1",
    description: null,
    state: "ready",
    proof: "exact",
    inputs: [
      { name: "2", type: "number", null: "error", absent: "error" },
      { name: "1", type: "category", values: ["a"], case: "exact", null: "error", absent: "error", unknown: "zeros" },
    ],
    extra: "error",
    limits: { rows: 10_000, block: 1_024 },
    routes: ["POST /predict"],
    outputs: [{ name: "p", datatype: "FP64", columns: null }],
    digest: model.bundle.json.digest,
    environment: { python: "3.9", libraries: { numpy: "1.19.5" } },
    fingerprint: "x86",
    blocks: { p: "any" },
    distances: { p: { alone: 0, one_call: 1 } },
    running: { python: "3.9.18" },
  });
});

it("GET /models/b tells of a model that is not ready what its bundle says", async () => {
  const response = await request(app([modelOf("b")])).get("/models/b");
  expect(response.body).toMatchObject({ state: "starting", outputs: [{ name: "p", datatype: "FP64" }] });
  expect(response.body).not.toHaveProperty("fingerprint");
});

it("a selected bundle that was refused is unavailable under its own address, for its reason", async () => {
  const refused = new Map([["c", "model.yaml:1: bad. Mend it"]]);
  for (const path of ["/models/c", "/models/c/predictions"]) {
    const response = await request(app([ready(modelOf("a"))], { refused })).get(path);
    expect([response.status, response.headers["retry-after"], response.body]).toMatchObject([
      503,
      "60",
      { detail: "c does not serve: model.yaml:1: bad. Mend it" },
    ]);
  }
});

it("where that was the default bundle, no other takes its place at the root", async () => {
  const options = { refused: new Map([["c", "stale"]]), refusedDefault: "c" };
  const response = await request(app([ready(modelOf("a"))], options))
    .post("/predict")
    .send({});
  expect([response.status, response.body]).toMatchObject([503, { detail: "c does not serve: stale" }]);
});

it("/livez answers whatever the models do", async () => {
  expect((await request(app([])).get("/livez")).body).toEqual({ live: true });
});

describe("the operators' way to a sidecar", () => {
  let server: Server;
  let url: string;
  let seen: string[];
  beforeEach(async () => {
    seen = [];
    server = createServer((sent, response) => {
      const chunks: Buffer[] = [];
      sent.on("data", (chunk: Buffer) => chunks.push(chunk));
      sent.on("end", () => {
        seen.push(`${sent.method ?? ""} ${sent.url ?? ""} ${Buffer.concat(chunks).toString("hex")}`);
        response.end("answered");
      });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });
  const passing = (rawInference: boolean) => app([ready(modelOf("a"))], { sidecarUrlOf: () => url, rawInference });

  it.each([
    "/v2",
    "/v2/health/live",
    "/v2/health/ready",
    "/v2/models/a",
    "/v2/models/a/ready",
    "/v2/models/a/versions/1",
    "/v2/models/a/versions/1/ready",
  ])("passes GET %s on", async (path) => {
    expect((await request(passing(false)).get(path)).status).toBe(200);
    expect(seen).toEqual([`GET ${path} `]);
  });

  it("passes raw inference on, to the byte, only where that is let through", async () => {
    const bytes = Buffer.from("00ff7b0a", "hex");
    const send = (raw: boolean) =>
      request(passing(raw)).post("/v2/models/a/infer").set("content-type", "application/octet-stream").send(bytes);
    expect((await send(false)).status).toBe(404);
    expect(seen).toEqual([]);
    expect((await send(true)).status).toBe(200);
    expect(seen).toEqual(["POST /v2/models/a/infer 00ff7b0a"]);
  });

  it.each([
    ["get", "/v2/models/none", 404],
    ["get", "/v2/models/a/../../secret", 404],
    ["get", "/v2/models/a/%2e%2e/secret", 404],
    ["get", "/v2/models/a/ready/", 404],
    ["get", "/v2/models/a/ready/x", 404],
    ["get", "/v2/repository/index", 404],
    ["get", "/v2/health", 404],
    ["post", "/v2/health/live", 405],
    ["post", "/v2/models/a/load", 404],
    ["post", "/v2/models/a", 405],
    ["get", "/v2/models/a/infer", 405],
    ["delete", "/v2/models/a", 405],
  ] as const)("passes nothing else on: %s %s is %d", async (method, path, status) => {
    const refused = await request(passing(true))[method](path);
    expect([refused.status, Object.keys(refused.body as object)]).toEqual([status, ["error"]]);
    expect(seen).toEqual([]);
  });

  it.each([
    ["a GET with a body", "get", "/v2/health/live", { "content-length": "5" }, 400],
    ["a body of unknown length", "post", "/v2/models/a/infer", { "transfer-encoding": "chunked" }, 400],
    ["a body beyond the limit", "post", "/v2/models/a/infer", { "content-length": String(2 ** 40) }, 413],
  ] as const)("reads nothing of %s", async (_, method, path, headers, status) => {
    const listening = createServer(passing(true)).listen(0, "127.0.0.1");
    await once(listening, "listening");
    const socket = connect((listening.address() as AddressInfo).port, "127.0.0.1");
    const head = Object.entries({ host: "x", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`${method.toUpperCase()} ${path} HTTP/1.1\r\n${head.join("")}\r\n`);
    const said = (await text(socket)).split("\r\n");
    expect([
      said[0]?.split(" ")[1],
      said.includes("Connection: close") || said.includes("connection: close"),
      seen,
    ]).toEqual([String(status), true, []]);
    listening.close();
  });

  it("is 503 with Retry-After while the sidecar is not there", async () => {
    const random = jest.spyOn(Math, "random").mockReturnValue(0.999); // others are told another time
    const none = await request(app([modelOf("a")])).get("/v2/models/a");
    expect([none.status, none.headers["retry-after"]]).toEqual([503, "2"]);
    const options = { sidecarUrlOf: () => "http://127.0.0.1:1" };
    const dead = await request(app([modelOf("a")], options)).get("/v2/models/a");
    expect([dead.status, dead.headers["retry-after"], dead.text]).toEqual([
      503,
      "2",
      '{"error":"The sidecar does not answer. Try again in a second."}',
    ]);
    random.mockRestore();
  });
});
