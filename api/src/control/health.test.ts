import express from "express";
import request from "supertest";

import type { Model } from "../predict/model";
import { type Readiness, readyz } from "./health";

type Availability = Model["availability"];
const ready = { state: "ready", sidecar: { proof: "exact" } } as unknown as Availability;
const failed: Availability = { state: "failed", reason: "the proof failed" };
const proving: Availability = { state: "proving", reason: "64 rows" };
const gone: Availability = { state: "unreachable", reason: "killed" };

const model = (name: string, availability: Availability): Model => ({ bundle: { name }, availability }) as Model;

/** Asks, and gives back the status and the body. */
function asker(readiness: Partial<Readiness>): () => Promise<[number, unknown]> {
  const handler = readyz({
    models: [],
    refused: new Map(),
    refusedDefault: undefined,
    isDraining: () => false,
    ...readiness,
  });
  const app = express().get("/readyz", handler);
  return async () => {
    const response = await request(app).get("/readyz");
    return [response.status, response.body];
  };
}

it("is 200 with every model's state while the default model is proved, and each other is or has failed", async () => {
  const ask = asker({
    models: [model("a", ready), model("b", failed)],
    refused: new Map([["c", "model.yaml:1: bad"]]),
  });
  expect(await ask()).toEqual([
    200,
    {
      ready: true,
      models: {
        a: { state: "ready", proof: "exact" },
        b: { state: "failed", reason: "the proof failed" },
        c: { state: "failed", reason: "model.yaml:1: bad" },
      },
    },
  ]);
});

it.each<[string, Availability, Availability]>([
  ["the default model is being proved", proving, ready],
  ["the default model has failed", failed, ready],
  ["another has not been proved yet", ready, proving],
])("is 503 while %s", async (_, first, second) => {
  expect((await asker({ models: [model("a", first), model("b", second)] })())[0]).toBe(503);
});

it("stays 200 while another model, once proved, is gone; not while the default one is", async () => {
  const [first, other] = [model("a", ready), model("b", ready)];
  const ask = asker({ models: [first, other] });
  expect((await ask())[0]).toBe(200);
  other.availability = gone;
  expect((await ask())[0]).toBe(200);
  first.availability = gone;
  expect((await ask())[0]).toBe(503);
});

it("is 503 while another process that shares the port has not been ready, and says so", async () => {
  let all = false;
  const ask = asker({ models: [model("a", ready)], areAllReady: () => all });
  expect(await ask()).toMatchObject([503, { ready: false, all_processes: false, models: { a: { state: "ready" } } }]);
  all = true;
  expect(await ask()).toEqual([200, { ready: true, models: { a: { state: "ready", proof: "exact" } } }]);
});

it("keeps the reasons to itself where callers need a key", async () => {
  const readiness = { models: [model("a", failed)], refused: new Map([["c", "model.yaml:1: bad"]]) };
  expect(await asker({ ...readiness, door: { demandsKeys: true } })()).toEqual([
    503,
    { ready: false, models: { a: { state: "failed" }, c: { state: "failed" } } },
  ]);
});

it("is 503 while draining, and says so", async () => {
  expect(await asker({ models: [model("a", ready)], isDraining: () => true })()).toMatchObject([
    503,
    { ready: false, draining: true },
  ]);
});

it("is 503 without any model", async () => {
  expect((await asker({})())[0]).toBe(503);
});

it("is 503 where the default bundle was refused, though the others serve", async () => {
  const readiness = { models: [model("b", ready)], refused: new Map([["a", "stale"]]), refusedDefault: "a" };
  expect(await asker(readiness)()).toMatchObject([503, { ready: false, models: { a: { reason: "stale" } } }]);
});
