import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

import express from "express";

import type { Model } from "../predict/model";
import { v2Passthrough } from "./v2-passthrough";

const model = { bundle: { name: "a" } } as Model;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 500) throw new Error("it never was so");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it("takes few connections of a sidecar that does not answer, and asks nothing for those who have gone", async () => {
  const asked: string[] = [];
  const frozen = await portOf(createServer(({ method, url }) => void asked.push(`${method ?? ""} ${url ?? ""}`)));
  const passthrough = v2Passthrough({
    ...{ defaultModel: model, find: () => model, urlOf: () => `http://127.0.0.1:${frozen}` },
    ...{ inference: true, token: undefined, bodyBytes: 1_000, door: undefined },
  });
  const open = new Set<Socket>();
  const server = createServer(express().all("/v2{/*path}", passthrough)).on("connection", (socket: Socket) => {
    open.add(socket.on("close", () => open.delete(socket)));
  });
  const port = await portOf(server);
  const call = (line: string): Socket =>
    connect(port, "127.0.0.1", function (this: Socket) {
      this.write(`${line} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n`);
    }).on("error", () => undefined);
  const calls = (count: number, line: string): Socket[] => Array.from({ length: count }, () => call(line));

  const first = calls(4, "GET /v2/health/live");
  await until(() => asked.length === 4);
  const waiting = calls(20, "GET /v2/health/ready");
  await until(() => open.size === 24);
  const infer = call("POST /v2/models/a/infer"); // which waits for nobody who asks for the health
  await until(() => asked.length === 5);
  for (const socket of waiting) socket.destroy();
  await until(() => open.size === 5);
  for (const socket of first) socket.destroy();
  const last = call("GET /v2");
  await until(() => asked.length === 6);
  expect(asked).toEqual([...Array<string>(4).fill("GET /v2/health/live"), "POST /v2/models/a/infer", "GET /v2"]);
  for (const socket of [infer, last]) socket.destroy();
});
