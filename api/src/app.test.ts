import { once } from "node:events";
import { createServer, request as httpRequest, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";

import request, { type Response } from "supertest";

import { idle } from "../test/idle-predictor";
import { type AppOptions, createApp, createContractApp } from "./app";
import { digestOf, type Pinned } from "./bundle/description";
import { draftOf } from "./bundle/draft";
import { expandInputs } from "./bundle/inputs";
import { manifestSchema } from "./bundle/manifest";
import type { SidecarMetadata } from "./bundle/sidecar-metadata";
import type { Columns } from "./rows/columns";
import { type Answered, noObserver } from "./observer";
import type { Deadline } from "./predict/deadline";
import { createModel, type Model } from "./predict/model";
import type { Predictions } from "./predict/predictions";
import { Problem } from "./problems";

type Predict = (columns: Columns, deadline: Deadline) => Promise<Predictions>;

/** The double of x, for every row. */
const double: Predict = ({ rows, numbers }) =>
  Promise.resolve({ rows, outputs: [{ name: "p", columns: null, values: numbers.map((x) => 2 * x) }] });

const SIDECAR: SidecarMetadata = {
  digest: "d",
  state: "ready",
  reason: null,
  proof: "exact",
  fingerprint: "x86",
  blocks: { p: "any" },
  distances: { p: { alone: 0, one_call: 1 } },
  python: "3.9.18",
  libraries: {},
};

/** A model that is ready, whose predictions the test gives. */
function readyModel(
  name: string,
  contract: unknown,
  predict: Predict = double,
  more: Record<string, unknown> = {},
): Model {
  const manifest = manifestSchema.parse({
    name,
    version: "1",
    environment: { python: "3.9" },
    artifacts: { model: "model.pkl" },
    inputs: [
      ["x", { type: "number", null: "nan" }],
      ["day", { type: "category", values: ["mon", "tue"], absent: "zeros", unknown: "zeros" }],
    ],
    steps: [{ predict: "model", columns: ["x"], output: "p" }],
    outputs: { p: "p" },
    limits: { rows: 20 },
    contract,
    ...more,
  });
  const lock = { file: "requirements.lock", sha256: "ab", packages: { numpy: "1.19.5" } };
  const tensors = { p: { datatype: "FP64" as const, columns: null } };
  const draft = { ...draftOf(manifest, lock, "cd"), artifacts: {}, tensors };
  const description: Pinned = { ...draft, digest: digestOf(draft) };
  const model = createModel({ name, folder: name, manifest, inputs: expandInputs(manifest), json: description });
  model.availability = {
    state: "ready",
    description,
    sidecar: SIDECAR,
    predictor: { ...idle, predict },
  };
  return model;
}

const RECORDS = { routes: [{ path: "/predict", response: { shape: "records", fields: { double: { output: "p" } } } }] };
const QUERY = {
  routes: [
    {
      path: "/prediction",
      method: "GET",
      request: { shape: "query" },
      response: { shape: "single", fields: { response: { output: "p", text: true } } },
    },
  ],
};
const SEED_E = {
  routes: [{ path: "/predict", response: { shape: "records", status: 201, fields: { p: { output: "p" } } } }],
  errors: { status: 400, body: { bad: "request" } },
};

let answered: Answered[] = [];
function options(more: Partial<AppOptions> = {}): AppOptions {
  return {
    models: [],
    refused: new Map(),
    refusedDefault: undefined,
    isDraining: () => false,
    limits: { bodyBytes: 1_000, timeoutMs: 500 },
    sidecarUrlOf: () => undefined,
    rawInference: false,
    observer: { ...noObserver, answered: (one) => void answered.push(one) },
    ...more,
  };
}

function app(models: Model[], more: Partial<AppOptions> = {}) {
  answered = [];
  return createApp(options({ models, ...more }));
}

const ours = (predict?: Predict) => app([readyModel("mine", RECORDS, predict)]);

/** A response that is a problem: all of it. */
function problem(response: Response): unknown {
  expect(response.headers["content-type"]).toBe("application/problem+json");
  const { instance, ...body } = JSON.parse(response.text) as { instance: string };
  expect(instance).toBe(`urn:picklepod:request:${response.headers["x-request-id"]}`);
  expect(body).toHaveProperty("status", response.status);
  return body;
}

const malformed = (detail: string) => ({
  type: "urn:picklepod:problem:malformed",
  title: "The request could not be read",
  status: 400,
  detail,
});

describe("a prediction", () => {
  it("on the native route holds every output in full", async () => {
    const model = readyModel("mine", RECORDS);
    const response = await request(app([model]))
      .post("/models/mine/predictions")
      .send([{ x: 0.1 }, { x: "1.5" }]);
    const digest = model.bundle.json.digest;
    expect([
      response.status,
      response.text,
      response.headers["content-type"],
      response.headers["picklepod-bundle"],
    ]).toEqual([
      200,
      `{"model":"mine","version":"1","digest":"${digest}","predictions":[{"p":0.2},{"p":3}]}`,
      "application/json",
      `mine@1; digest=${digest}`,
    ]);
    expect(answered).toEqual([
      {
        requestId: response.headers["x-request-id"],
        model: "mine",
        status: 200,
        rows: 2,
        ms: expect.any(Number) as number,
      },
    ]);
  });

  it("on the contract's routes has the contract's shape, at the root and under the model", async () => {
    for (const path of ["/predict", "/models/mine/predict", "/models/mine@1/predict"]) {
      const response = await request(ours()).post(path).send({ x: 2 });
      expect([response.status, response.text]).toEqual([200, '[{"double":4}]']);
    }
  });

  it("from a query string", async () => {
    const response = await request(app([readyModel("mine", QUERY)])).get("/prediction?x=1.5&day=tue");
    expect([response.status, response.text]).toEqual([200, '{"response":"3"}']);
  });

  it("has the contract's own status", async () => {
    const response = await request(app([readyModel("mine", SEED_E)]))
      .post("/predict")
      .send({ x: 1 });
    expect([response.status, response.text]).toEqual([201, '[{"p":2}]']);
  });

  it("says how many rows had an unknown category", async () => {
    const rows = [{ x: 1, day: "sun" }, { x: 1, day: "sat" }, { x: 1, day: "mon" }, { x: 1 }];
    const response = await request(ours()).post("/predict").send(rows);
    expect([response.status, response.headers["picklepod-unknown-categories"]]).toEqual([200, "day=2"]);
    const known = await request(ours()).post("/predict").send({ x: 1 });
    expect(known.headers).not.toHaveProperty("picklepod-unknown-categories");
  });

  it("of a model that is not the default stands under its own address alone", async () => {
    const both = app([readyModel("mine", RECORDS), readyModel("other", QUERY)]);
    expect((await request(both).get("/models/other/prediction?x=1")).status).toBe(200);
    expect((await request(both).get("/prediction?x=1")).status).toBe(404);
  });

  it("on a port of its own, a contract stands at the root alone", async () => {
    const own = createContractApp(readyModel("mine", RECORDS), options());
    expect((await request(own).post("/predict").send({ x: 1 })).text).toBe('[{"double":2}]');
    expect((await request(own).get("/models")).status).toBe(404);
  });
});

describe("a request's id", () => {
  it("is the caller's own where that is plain", async () => {
    const response = await request(ours()).post("/predict").set("x-request-id", "A-1.b_2").send({ x: 1 });
    expect(response.headers["x-request-id"]).toBe("A-1.b_2");
  });

  it.each(["", "a b", "a;b", "x".repeat(65), "é"])("is ours where the caller's is %j", async (given) => {
    const response = await request(ours())
      .post("/predict")
      .set("x-request-id", Buffer.from(given).toString("latin1"))
      .send({ x: 1 });
    expect(response.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("400", () => {
  it.each<[string, string | Buffer, RegExp]>([
    ["half an object", '{"x": 1', /^The body is not JSON: Expected ',' or '}' after property value .*\.$/],
    ["nothing", "", /^The body is empty; send a JSON object or a list of them\.$/],
    ["what is not UTF-8", Buffer.from([0x22, 0xff, 0x22]), /^The body is not UTF-8\.$/],
  ])("for %s", async (_, body, detail) => {
    await listening(ours(), async (port) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`http://127.0.0.1:${port}/predict`, { method: "POST", headers, body });
      const sent = (await response.json()) as { detail: string };
      expect([response.status, sent]).toEqual([400, expect.objectContaining(malformed(sent.detail))]);
      expect(sent.detail).toMatch(detail);
    });
  });

  it("for a query string that names a column twice, or is not percent-encoded", async () => {
    const model = readyModel("mine", QUERY);
    expect(problem(await request(app([model])).get("/prediction?x=1&x=2"))).toEqual(
      malformed("The query string gives x more than once; give each once."),
    );
    expect((await request(app([model])).get("/prediction?x=%zz")).status).toBe(400);
  });

  it.each(["http://?x", "http://[x/models", "//:@-#"])(
    "for the target %s, which has no path, however much of a body comes with it",
    async (target) => {
      await listening(ours(), async (port) => {
        const answer = await raw(
          port,
          `POST ${target} HTTP/1.1`,
          "Host: x",
          "Transfer-Encoding: chunked",
          "",
          "3e9",
          "x".repeat(1001),
          "",
        );
        expect(answer).toMatch(/^HTTP\/1\.1 400 /);
        expect(answer).toMatch(/\r\nx-request-id: [0-9a-f-]{36}\r\n/);
        expect(answer).toContain("it has no path");
        expect(answered).toEqual([expect.objectContaining({ status: 400, rows: 0 })]);
      });
    },
  );

  it.each(["0", "-1", "soon", "1.5", ""])("for X-Request-Timeout: %s", async (timeout) => {
    const response = await request(ours()).post("/predict").set("x-request-timeout", timeout).send({ x: 1 });
    expect(problem(response)).toEqual(malformed("X-Request-Timeout is a whole number of milliseconds, 1 or more."));
  });

  it("for an address that is not percent-encoded", async () => {
    expect(problem(await request(ours()).get("/models/%zz"))).toEqual(
      malformed("The address is not percent-encoded UTF-8."),
    );
    expect((await request(ours()).get("/models/%zz/x")).status).toBe(400);
    expect((await request(ours()).get("/%ff")).status).toBe(404);
  });
});

describe("404", () => {
  it("for an address that is none, whatever the method", async () => {
    for (const response of [await request(ours()).get("/nothing"), await request(ours()).delete("/")]) {
      expect(problem(response)).toEqual({
        type: "urn:picklepod:problem:not-found",
        title: "There is nothing at this address",
        status: 404,
        detail: "GET /models lists the models and their addresses.",
      });
    }
  });

  it.each(["/models/none", "/models/none/predictions", "/models/none/predict"])(
    "for a model that is not there: %s",
    async (path) => {
      expect(problem(await request(ours()).get(path))).toMatchObject({
        status: 404,
        detail: "There is no model none here; GET /models lists those there are.",
      });
    },
  );

  it.each(["/Predict", "/predict/", "//predict", "/models/mine", "/models/mine@2/predict"])(
    "POST %s is not /predict",
    async (path) => {
      expect([404, 405]).toContain((await request(ours()).post(path).send({ x: 1 })).status);
    },
  );
});

describe("405", () => {
  it.each([
    ["get", "/predict", "POST or PUT"],
    ["head", "/predict", "POST or PUT"],
    ["options", "/predict", "POST or PUT"],
    ["delete", "/predict", "POST or PUT"],
    ["get", "/models/mine/predictions", "POST or PUT"],
    ["post", "/livez", "GET"],
    ["delete", "/models", "GET"],
  ] as const)("for %s %s, where one uses %s", async (method, path, use) => {
    const response = await request(ours())[method](path);
    expect([response.status, response.headers["allow"]]).toEqual([405, use.replace(" or ", ", ")]);
    if (method !== "head") expect(problem(response)).toMatchObject({ status: 405, detail: `Use ${use}.` });
  });

  it("names every method of an address that has two", async () => {
    const [route] = RECORDS.routes;
    const model = readyModel("mine", { routes: [{ ...route, path: "/prediction" }, ...QUERY.routes] });
    const response = await request(app([model])).delete("/prediction");
    expect([response.status, response.headers["allow"]]).toEqual([405, "POST, PUT, GET"]);
  });

  it("but HEAD stands where GET does", async () => {
    const response = await request(app([readyModel("mine", QUERY)])).head("/prediction?x=1");
    expect([response.status, response.headers["content-length"], response.text]).toEqual([200, "16", undefined]);
  });
});

describe("406", () => {
  it.each(["text/html", "application/xml, text/plain", "image/*"])("for Accept: %s", async (accept) => {
    const response = await request(ours()).post("/predict").set("accept", accept).send({ x: 1 });
    expect(problem(response)).toEqual({
      type: "urn:picklepod:problem:not-acceptable",
      title: "No form of the answer that you accept can be given",
      status: 406,
      detail: `Answers are application/json; you accept ${accept}. With curl: -H 'accept: application/json'.`,
    });
  });

  it.each([
    "*/*",
    "application/json",
    "text/html, application/*;q=0.5",
    "APPLICATION/JSON",
    "application/problem+json",
  ])("not for Accept: %s", async (accept) => {
    expect((await request(ours()).post("/predict").set("accept", accept).send({ x: 1 })).status).toBe(200);
  });
});

/** Listens for as long as the test runs: what supertest would not let us send. */
async function listening<T>(handler: RequestListener, work: (port: number) => Promise<T>): Promise<T> {
  const server = createServer(handler);
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Sends bytes, and gives back what came until the answer was complete. */
async function raw(port: number, ...lines: string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (text.includes("}")) socket.destroy();
  });
  socket.write(lines.join("\r\n"));
  await once(socket, "close");
  return text;
}

describe("413", () => {
  const tooLarge = {
    type: "urn:picklepod:problem:body-too-large",
    title: "The body is larger than is taken",
    status: 413,
  };

  it("for a body that says it is too large, before any of it is read", async () => {
    await listening(ours(), async (port) => {
      const answer = await raw(
        port,
        "POST /predict HTTP/1.1",
        "Host: x",
        "Content-Type: application/json",
        "Content-Length: 1001",
        "",
        "",
      );
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    });
  });

  it("for a body that turns out to be, without waiting for its end", async () => {
    await listening(ours(), async (port) => {
      const answer = await raw(
        port,
        "POST /predict HTTP/1.1",
        "Host: x",
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
        "",
        "3e9",
        "x".repeat(1001),
        "",
      );
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    });
  });

  it("for more rows than the bundle takes", async () => {
    const rows = Array.from({ length: 21 }, () => ({ x: 1 }));
    expect(problem(await request(ours()).post("/predict").send(rows))).toEqual({
      ...tooLarge,
      detail: "The call has more than 20 rows. Send them in more calls, or raise limits.rows in model.yaml.",
    });
  });

  it("for a body within the setting that is larger than the bundle takes", async () => {
    const model = readyModel("mine", RECORDS, undefined, { limits: { body_mb: 1 } });
    const more = { limits: { bodyBytes: 8 * 1024 * 1024, timeoutMs: 500 } };
    const body = `{"x": 1${" ".repeat(2 * 1024 * 1024)}}`;
    const sent = request(app([model], more))
      .post("/predict")
      .set("content-type", "application/json")
      .send(body);
    expect(problem(await sent)).toEqual({
      ...tooLarge,
      detail: "The body is larger than 1 MB. Send fewer rows in a call, or raise limits.body_mb in model.yaml.",
    });
  });

  it("not for a body that is just as large as is taken", async () => {
    const body = `{"x": 1${" ".repeat(1_000 - 8)}}`;
    const response = await request(ours()).post("/predict").set("content-type", "application/json").send(body);
    expect([body.length, response.status]).toEqual([1_000, 200]);
  });
});

describe("415", () => {
  it("for another media type, with what is taken", async () => {
    const response = await request(ours()).post("/predict").set("content-type", "text/yaml").send("x: 1");
    expect([response.headers["accept"], problem(response)]).toEqual([
      "application/json",
      {
        type: "urn:picklepod:problem:unsupported-media-type",
        title: "The body's media type is not one that is read here",
        status: 415,
        detail:
          "The body is sent as text/yaml; send application/json in UTF-8. With curl: -H 'content-type: application/json'.",
      },
    ]);
  });

  it.each(["gzip", "br", "deflate", "x"])("for a body encoded as %s, which is never inflated", async (encoding) => {
    const response = await request(ours()).post("/predict").set("content-encoding", encoding).send({ x: 1 });
    expect(problem(response)).toMatchObject({
      status: 415,
      detail: `The body is encoded as ${encoding}; send it unencoded, or as a stream: see docs/bulk.md.`,
    });
  });
});

describe("422", () => {
  it("for rows that the model does not take, all of them at once", async () => {
    const response = await request(ours())
      .post("/predict")
      .send([{ x: "a" }, { x: 1 }, 5, { x: 1, y: 2 }]);
    expect(problem(response)).toEqual({
      type: "urn:picklepod:problem:invalid-rows",
      title: "The rows are not what the model takes",
      status: 422,
      detail:
        "3 faults in 4 rows; nothing was predicted. Mend what errors lists: each says what was received and what is allowed.",
      errors: [
        { detail: 'x is "a"; allowed: a number, or a string that holds one.', pointer: "#/0/x" },
        { detail: "The row is 5; it must be an object of columns.", pointer: "#/2" },
        { detail: '"y" is not an input of this model. Did you mean x?', pointer: "#/3/y" },
      ],
    });
    expect(answered).toMatchObject([{ model: "mine", status: 422, rows: 4, problem: { problemName: "invalid-rows" } }]);
  });

  it("for an answer that JSON cannot hold", async () => {
    expect(
      problem(
        await request(ours())
          .post("/predict")
          .send([{ x: 1 }, { x: null }]),
      ),
    ).toEqual({
      type: "urn:picklepod:problem:not-finite",
      title: "The model's answer to these rows is not a finite number",
      status: 422,
      detail:
        "The model gave what JSON cannot hold. Look at the rows named, or let the output be null: non_finite: null in model.yaml.",
      errors: [{ detail: "The output p is NaN for this row.", pointer: "#/1" }],
    });
    const nullable = readyModel("mine", RECORDS, double, { outputs: { p: { from: "p", non_finite: null } } });
    expect(
      (
        await request(app([nullable]))
          .post("/predict")
          .send({ x: null })
      ).text,
    ).toBe('[{"double":null}]');
  });

  it("for what is nested deep", async () => {
    const body = "[".repeat(450) + "]".repeat(450);
    const response = await request(ours()).post("/predict").set("content-type", "application/json").send(body);
    expect(problem(response)).toMatchObject({ status: 422, errors: [{ pointer: "#/0" }] });
  });
});

describe("500, 502, 503 and 504", () => {
  it.each<[string, number, Record<string, string>]>([
    ["artifact-failed", 500, {}],
    ["sidecar-fault", 502, {}],
    ["unavailable", 503, { "retry-after": "1" }],
    ["overloaded", 503, { "retry-after": "1" }],
    ["deadline-exceeded", 504, {}],
  ])("%s is %d", async (name, status, headers) => {
    const thrown = new Problem(name as "unavailable", { detail: "Why.", headers });
    const response = await request(ours(() => Promise.reject(thrown)))
      .post("/predict")
      .send({ x: 1 });
    expect(problem(response)).toEqual({
      type: `urn:picklepod:problem:${name}`,
      title: thrown.title,
      status,
      detail: "Why.",
    });
    expect(response.headers["retry-after"]).toBe(headers["retry-after"]);
  });

  it("500 for a defect of ours, which the log learns and the caller does not", async () => {
    const defect = new Error("secret");
    const response = await request(ours(() => Promise.reject(defect)))
      .post("/predict")
      .send({ x: 1 });
    expect(problem(response)).toEqual({
      type: "urn:picklepod:problem:internal",
      title: "Picklepod failed",
      status: 500,
      detail: "This is a defect of Picklepod. The log names it under the request's id.",
    });
    expect(answered).toMatchObject([{ status: 500, defect }]);
  });

  it("503 with Retry-After while a model is not ready, whatever is asked of it", async () => {
    const model = readyModel("mine", SEED_E);
    model.availability = { state: "proving", reason: "64 rows" };
    const response = await request(app([model]))
      .post("/predict")
      .send({ x: "bad" });
    expect(problem(response)).toEqual({
      type: "urn:picklepod:problem:unavailable",
      title: "The model is not available now",
      status: 503,
      detail: "The model mine is proving: 64 rows. Try again in a second.",
    });
    expect(response.headers["retry-after"]).toMatch(/^[12]$/);
  });

  const hanging: Predict = (_, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        reject(signal.reason as Error);
      });
    });

  it("504 when the time a caller gives has passed", async () => {
    const response = await request(ours(hanging)).post("/predict").set("x-request-timeout", "20").send({ x: 1 });
    expect(problem(response)).toMatchObject({
      status: 504,
      detail: expect.stringMatching(/^The answer was not ready within 20 ms\./) as string,
    });
  });

  it("504 when our own time has passed, which a caller cannot lengthen; more rows have more", async () => {
    const limits = { bodyBytes: 1_000, timeoutMs: 30 };
    const slow = app([readyModel("mine", RECORDS, hanging)], { limits });
    const response = await request(slow)
      .post("/predict")
      .set("x-request-timeout", "60000")
      .send([{ x: 1 }, { x: 2 }]);
    expect(problem(response)).toMatchObject({
      status: 504,
      detail: expect.stringMatching(/^The answer was not ready within 32 ms\./) as string,
    });
  });

  it("a client that goes away takes its work with it", async () => {
    let reason: unknown;
    const gone = new Promise<void>((resolve) => {
      const noting: Predict = (columns, deadline) => {
        deadline.signal.addEventListener("abort", () => {
          reason = deadline.signal.reason;
          resolve();
        });
        return hanging(columns, deadline);
      };
      void listening(ours(noting), async (port) => {
        const client = httpRequest({ port, method: "POST", path: "/predict" });
        client.on("error", () => undefined);
        client.end('{"x": 1}');
        setTimeout(() => client.destroy(), 50);
        await gone;
      });
    });
    await gone;
    expect((reason as Problem).message).toBe("The client closed its connection before the answer.");
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toMatchObject([{ status: 499, problem: { problemName: "client-gone" } }]);
  });
});

describe("a bundle's own error body", () => {
  const seedE = (predict?: Predict) => app([readyModel("mine", SEED_E, predict)]);

  it.each<[string, string]>([
    ["400", "{"],
    ["422", '{"x": "a"}'],
  ])("stands in place of a %s", async (_, body) => {
    const response = await request(seedE()).post("/predict").set("content-type", "application/json").send(body);
    expect([response.status, response.text, response.headers["content-type"]]).toEqual([
      400,
      '{"bad":"request"}',
      "application/json",
    ]);
  });

  it("gives way to a caller who asks for problems", async () => {
    const response = await request(seedE()).post("/predict").set("accept", "application/problem+json").send({ x: "a" });
    expect(problem(response)).toMatchObject({ status: 422 });
  });

  it("stands in place of nothing else, nor on the native route", async () => {
    const refusing: Predict = () => Promise.reject(new Problem("overloaded", { detail: "d" }));
    expect(problem(await request(seedE(refusing)).post("/predict").send({ x: 1 }))).toMatchObject({ status: 503 });
    expect(problem(await request(seedE()).get("/predict"))).toMatchObject({ status: 405 });
    expect(problem(await request(seedE()).post("/predict").set("content-type", "text/yaml").send("x"))).toMatchObject({
      status: 415,
    });
    expect(problem(await request(seedE()).post("/models/mine/predictions").send({ x: "a" }))).toMatchObject({
      status: 422,
    });
  });
});

describe("what a client may send that no URL holds", () => {
  it.each([
    ["GET http://x:999999/prediction?x=1 HTTP/1.1", 200],
    ["GET /prediction?x=\u00e9 HTTP/1.1", 400],
    ["GET /prediction?x=1?y=2 HTTP/1.1", 422],
    ["GET * HTTP/1.1", 404],
  ])("%s", async (line, status) => {
    await listening(app([readyModel("mine", QUERY)]), async (port) => {
      expect(await raw(port, line, "Host: x", "", "")).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    });
  });
});
