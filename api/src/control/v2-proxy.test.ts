import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import express, { type RequestHandler } from "express";

import type { Model } from "../predict/model";
import { v2Passthrough } from "./v2-passthrough";

const model = { bundle: { name: "a" }, availability: { state: "loading", reason: "it is read" } } as Model;
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

async function urlOf(server: Server): Promise<string> {
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it("a server that shows one set of bundles after the other keeps one listener, and each set asks its own sidecar", async () => {
  const setOf = async (answer: string): Promise<RequestHandler> => {
    const sidecar = await urlOf(createServer((_request, response) => response.end(answer)));
    const which = { defaultModel: model, find: () => model, urlOf: () => sidecar };
    return v2Passthrough({ ...which, inference: false, token: undefined, bodyBytes: 1, door: undefined });
  };
  let shown = await setOf("0");
  const server = createServer(express().all("/v2{/*path}", (...call) => shown(...call)));
  const url = await urlOf(server);
  const before = server.listenerCount("close");
  const answers: string[] = [];
  for (let set = 1; set <= 14; set += 1) {
    shown = await setOf(String(set));
    answers.push(await (await fetch(`${url}/v2`)).text());
  }
  expect(answers).toEqual(Array.from({ length: 14 }, (_, i) => String(i + 1)));
  expect(server.listenerCount("close") - before).toBeLessThanOrEqual(1);
});
