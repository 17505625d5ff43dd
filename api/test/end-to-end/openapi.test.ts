import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";

import { readBundle } from "../../src/bundle/read-bundles";
import { ask, json } from "../../src/check/ask";
import { exactJson } from "../../src/pin/complete-samples";
import { project } from "../../src/project";
import { readSamples, type Sample } from "../../src/pin/sample-rows";
import { bundleFolder, bundleNames } from "../bundles";
import { type Listening, startReady } from "../start-picklepod";

jest.setTimeout(900_000); // the first start on a machine makes environments

type Json = Record<string, unknown>;

const committedBundles = bundleNames.map((name) => readBundle(bundleFolder(name)));

let picklepod: Listening;
let document: Json;
let ajv: Ajv2020;
beforeAll(async () => {
  picklepod = await startReady({ models: ["all"] });
  document = json(await ask(`${picklepod.url}/openapi.json`)) as Json;
  ajv = new Ajv2020({ strict: false, allErrors: true }); // strict minds OpenAPI's own words, `example` for one
  addFormats(ajv);
  ajv.addSchema(document, "api");
});
afterAll(() => picklepod.stop());

const token = (word: string): string => encodeURIComponent(word.replaceAll("~", "~0").replaceAll("/", "~1"));

/** What a value has against the schema at this place of the document; nothing where there is no such place. */
function faults(value: unknown, ...place: string[]): unknown[] | undefined {
  const validate = ajv.getSchema(`api#/${place.map(token).join("/")}`);
  if (!validate) return undefined;
  return validate(value) === true ? [] : (validate.errors ?? []);
}

/** The same of an answer: what is told of it stands at its operation, or where that refers to. */
function answerFaults(path: string, method: string, answer: Answer): unknown[] | undefined {
  const operation = (document["paths"] as Record<string, Record<string, Json>>)[path]?.[method];
  const told = (operation?.["responses"] as Record<string, Json> | undefined)?.[String(answer.status)];
  const reference = told?.["$ref"] as string | undefined;
  const place = reference?.slice("#/".length).split("/") ?? ["paths", path, method, "responses", String(answer.status)];
  return faults(JSON.parse(answer.text), ...place, "content", answer.type, "schema");
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

async function send(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(`${picklepod.url}${path}`, init);
  return { status: response.status, type: response.headers.get("content-type") ?? "", text: await response.text() };
}

it("is valid OpenAPI 3.1", () => {
  const folder = mkdtempSync(join(tmpdir(), "openapi-"));
  const file = join(folder, "openapi.json");
  writeFileSync(file, JSON.stringify(document));
  try {
    // an ES module, which jest does not load
    const cli = join(project.root, "node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js");
    expect(execFileSync(process.execPath, [cli, file], { encoding: "utf8" })).toContain("valid");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("names every bundle's own columns", () => {
  const schemas = (document["components"] as Json)["schemas"] as Record<string, { properties?: object }>;
  for (const { name, inputs } of committedBundles)
    expect([name, Object.keys(schemas[`${name}.Row`]?.properties ?? {}).toSorted()]).toEqual([
      name,
      [...inputs.keys()].toSorted(),
    ]);
});

interface Case {
  readonly path: string;
  readonly method: string;
  readonly sample: Sample;
}

const cases = committedBundles.flatMap(({ name, folder }) =>
  [...readSamples(folder)].map(([file, sample]): [string, Case] => {
    const [method = "POST", path = "/predictions"] = sample.route?.split(" ") ?? [];
    return [`${name}/${file}`, { path: `/models/${name}${path}`, method: method.toLowerCase(), sample }];
  }),
);

describe.each(cases)("%s", (_, { path, method, sample }) => {
  it("is answered as the document says", async () => {
    const query =
      method === "get" ? `?${new URLSearchParams(sample.request as Record<string, string>).toString()}` : "";
    const body = method === "get" ? {} : { body: exactJson(sample.request), headers: JSON_TYPE };
    const answer = await send(path + query, { method, ...body });
    expect(answer.status).toBe(sample.status ?? 201);
    expect(answerFaults(path, method, answer)).toEqual([]);
  });

  it("is a request that the document allows, where it is predicted", () => {
    if (method === "get") return;
    const found = faults(sample.request, "paths", path, method, "requestBody", "content", "application/json", "schema");
    expect([found?.length === 0, sample.status]).toEqual([(sample.status ?? 201) < 300, sample.status]);
  });
});

const JSON_TYPE = { "content-type": "application/json" };
const ROWS = "/models/flight-delay/predictions";
const flight = { OPERA: "Iberia", TIPOVUELO: "I", MES: 1 };

describe("every error that can be brought about is answered as the document says", () => {
  it.each<[number, string, string, RequestInit]>([
    [400, ROWS, "post", { method: "POST", body: "{", headers: JSON_TYPE }],
    [400, ROWS, "post", { method: "POST", body: "{}", headers: { ...JSON_TYPE, "x-request-timeout": "soon" } }],
    [406, ROWS, "post", { method: "POST", body: "{}", headers: { ...JSON_TYPE, accept: "image/png" } }],
    [413, ROWS, "post", { method: "POST", body: JSON.stringify(Array(10_001).fill({})), headers: JSON_TYPE }],
    [415, ROWS, "post", { method: "POST", body: "{}", headers: { "content-type": "image/png" } }],
    [422, ROWS, "post", { method: "POST", body: "[{}]", headers: JSON_TYPE }],
    [404, "/models/nobody", "get", {}],
    [400, "/models/exercise-26/predict", "post", { method: "POST", body: "[{}, 3]", headers: JSON_TYPE }],
  ])("%s at %s", async (status, path, method, init) => {
    const answer = await send(path, init);
    expect(answer.status).toBe(status);
    expect(answerFaults(path.replace("/models/nobody", "/models/{model}"), method, answer)).toEqual([]);
  });

  it("and problems also to whoever asks for them where the contract has an error of its own", async () => {
    const headers = { ...JSON_TYPE, accept: "application/problem+json" };
    const answer = await send("/models/exercise-26/predict", { method: "POST", body: "[3]", headers });
    expect([answer.status, answer.type]).toEqual([422, "application/problem+json"]);
    expect(answerFaults("/models/exercise-26/predict", "post", answer)).toEqual([]);
  });
});

it.each(["/livez", "/readyz", "/models", "/models/classification"])(
  "%s is answered as the document says",
  async (path) => {
    const answer = await send(path, {});
    const told = path === "/models/classification" ? "/models/{model}" : path;
    expect(answerFaults(told, "get", { ...answer, type: "application/json" })).toEqual([]);
  },
);

it("rows that are refused one by one are answered as the document says", async () => {
  const body = JSON.stringify([flight, { ...flight, MES: 13 }]);
  const answer = await send(`${ROWS}?on_error=null`, { method: "POST", body, headers: JSON_TYPE });
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  expect(answerFaults(ROWS, "post", answer)).toEqual([]);
  expect((JSON.parse(answer.text) as { predictions: unknown[] }).predictions).toHaveLength(2);
});

describe("a row that the document does not allow is not taken, and one that it allows is", () => {
  const ticket = {
    message: "help",
    channel: "chat",
    plan: "free",
    hours_waiting: 1,
    earlier_tickets: 0,
    order_value: 3,
  };
  it.each<[string, object]>([
    ["as it is meant", ticket],
    ["numbers as texts", { ...ticket, hours_waiting: " 1.5e1 ", earlier_tickets: "07", order_value: "$1,234.50" }],
    ["money in parentheses, though below nothing", { ...ticket, order_value: "($12.30)" }],
    ["nothing where nothing may be", { ...ticket, hours_waiting: null, order_value: "NaN" }],
    ["nothing where something must be", { ...ticket, earlier_tickets: null }],
    ["a number below the least", { ...ticket, hours_waiting: -1 }],
    ["a fraction of a ticket", { ...ticket, earlier_tickets: 1.5 }],
    ["a number beyond what a float64 counts", { ...ticket, earlier_tickets: 9007199254740993 }],
    ["a text that is no number", { ...ticket, hours_waiting: "1_000" }],
    ["other scripts' digits", { ...ticket, hours_waiting: "١" }],
    ["two signs", { ...ticket, order_value: "-($3)" }],
    ["a category that is unknown", { ...ticket, plan: "FREE" }],
    ["a column too many", { ...ticket, more: 1 }],
    ["a column too few", { message: "help" }],
    ["a list", []],
  ])("%s", async (_, row) => {
    const path = "/models/support-tickets/predictions";
    const answer = await send(path, { method: "POST", body: JSON.stringify([row]), headers: JSON_TYPE });
    const allowed = faults([row], "paths", path, "post", "requestBody", "content", "application/json", "schema");
    expect([allowed?.length === 0, answer.status]).toEqual([answer.status === 200, allowed?.length === 0 ? 200 : 422]);
  });
});

describe("the page", () => {
  it("is complete: every file that it names is there, and none is elsewhere", async () => {
    const page = await send("/docs", {});
    const named = [...page.text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, name = ""]) => name);
    expect(named).toEqual([
      "docs/swagger-ui.css",
      "docs/favicon-32x32.png",
      "docs/swagger-ui-bundle.js",
      "docs/start.js",
    ]);
    const files = await Promise.all(named.map((name) => send(`/${name}`, {})));
    expect(files.map(({ status, type }) => [status, type])).toEqual([
      [200, "text/css; charset=utf-8"],
      [200, "image/png"],
      [200, "text/javascript; charset=utf-8"],
      [200, "text/javascript; charset=utf-8"],
    ]);
  });

  it("may load and ask nothing but this API, and holds no script of its own", async () => {
    const response = await fetch(`${picklepod.url}/docs`);
    const policy = (response.headers.get("content-security-policy") ?? "").split("; ");
    expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "connect-src 'self'"]));
    expect(policy.join()).not.toMatch(/https?:|script-src[^;,]*unsafe|\*/);
    expect(await response.text()).not.toMatch(/<script>|\son\w+=/);
  });
});

// the last one, for what it leaves waiting may turn away what comes right behind it
it("an answer that is not there in time is told as the document says", async () => {
  const body = JSON.stringify(Array(5_000).fill(flight)); // more than a sidecar predicts within a millisecond
  const answer = await send(ROWS, { method: "POST", body, headers: { ...JSON_TYPE, "x-request-timeout": "1" } });
  expect([503, 504]).toContain(answer.status);
  expect(answerFaults(ROWS, "post", answer)).toEqual([]);
});
