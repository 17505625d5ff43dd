import { join } from "node:path";

import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import request from "supertest";

import { createApp } from "./app";
import { readBundle } from "./bundle/read-bundles";
import type { ReloadOutcome } from "./control/reload-route";
import { noObserver } from "./observer";
import { createModel } from "./predict/model";
import { Problem } from "./problems";
import { project } from "./project";

const NAME = "flight-delay";
const app = (reload: () => Promise<readonly ReloadOutcome[]>) =>
  createApp({
    models: [createModel(readBundle(join(project.modelsFolder, NAME)))],
    refused: new Map(),
    refusedDefault: undefined,
    refusedReloads: new Map([[NAME, { at: new Date(0).toISOString(), reason: "Row 5 differs." }]]),
    isDraining: () => false,
    limits: { bodyBytes: 1_000, timeoutMs: 500 },
    sidecarUrlOf: () => undefined,
    rawInference: false,
    observer: noObserver,
    reload,
  });

/** Whether the app's own document allows this as the answer of this operation. */
async function allows(path: string, method: string, status: number, type: string, body: unknown): Promise<boolean> {
  const document = (await request(app(() => Promise.resolve([]))).get("/openapi.json")).body as object;
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  const place = ["paths", path, method, "responses", String(status), "content", type, "schema"];
  const words = place.map((word) => encodeURIComponent(word.replaceAll("/", "~1"))).join("/");
  const validate = ajv.addSchema(document, "api").getSchema(`api#/${words}`);
  if (!validate) throw new Error(`The document tells nothing of ${place.join(" ")}`);
  return validate(body) === true;
}

const live: ReloadOutcome = { model: "a", outcome: "live", digest: "12" };
const removed: ReloadOutcome = { model: "b", outcome: "removed", digest: null };
const refused: ReloadOutcome = { model: "c", outcome: "refused", digest: "34", reason: "Row 5 differs." };

it.each<[string, number, string, () => Promise<readonly ReloadOutcome[]>]>([
  ["where all went live", 200, "application/json", () => Promise.resolve([live, removed])],
  ["where one was refused", 409, "application/problem+json", () => Promise.resolve([live, refused])],
  [
    "while the server ends",
    503,
    "application/problem+json",
    () => Promise.reject(new Problem("unavailable", { detail: "Picklepod is ending." })),
  ],
])("a reload is answered as the document says %s", async (_where, status, type, reload) => {
  const answer = await request(app(reload)).post("/admin/reload");
  expect([answer.status, answer.type]).toEqual([status, type]);
  expect(await allows("/admin/reload", "post", status, type, answer.body)).toBe(true);
});

it("the document says what became of each bundle, and that one which was refused makes the answer another", async () => {
  const answer = await request(app(() => Promise.resolve([live, refused]))).post("/admin/reload");
  const problem = answer.body as Record<string, unknown>;
  const told = (status: number, type: string, answer: unknown) => allows("/admin/reload", "post", status, type, answer);
  expect([
    await told(200, "application/json", {}),
    await told(200, "application/json", { bundles: [refused] }),
    await told(409, "application/problem+json", { ...problem, bundles: undefined }),
    await told(409, "application/problem+json", { ...problem, bundles: [{ ...refused, digest: 34 }] }),
  ]).toEqual([false, false, false, false]);
});

it("the document says why a changed bundle does not serve, of one and of all", async () => {
  const listening = app(() => Promise.resolve([]));
  const one = (await request(listening).get(`/models/${NAME}`)).body as Record<string, unknown>;
  const all = (await request(listening).get("/models")).body as { models: unknown[] };
  expect(one["refused_reload"]).toEqual({ at: "1970-01-01T00:00:00.000Z", reason: "Row 5 differs." });
  const without = { ...one, refused_reload: { at: "yesterday" } };
  expect([
    await allows("/models/{model}", "get", 200, "application/json", one),
    await allows("/models", "get", 200, "application/json", all),
    await allows("/models/{model}", "get", 200, "application/json", without),
    await allows("/models", "get", 200, "application/json", { models: [without] }),
  ]).toEqual([true, true, false, false]);
});
