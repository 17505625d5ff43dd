import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

import pino from "pino";

import type { AppOptions } from "../app";
import { noObserver } from "../observer";
import type { Model } from "../predict/model";
import { readSettings } from "../settings";
import { Ports } from "./ports";

const log = pino({ level: "silent" });
const settings = (more: Record<string, string> = {}) => readSettings({ PORT: "21150", HOST: "127.0.0.1", ...more });
const at = "http://127.0.0.1";

/** A model that has nothing but a name and a port. */
function modelOf(name: string, port?: number): Model {
  const manifest = { version: "1", contract: { routes: [], ...(port !== undefined && { port }) } };
  return { bundle: { name, manifest }, availability: { state: "starting", reason: "r" } } as unknown as Model;
}

const showing = (...models: Model[]): AppOptions => ({
  models,
  refused: new Map(),
  refusedDefault: undefined,
  isDraining: () => false,
  limits: { bodyBytes: 1, timeoutMs: 1 },
  sidecarUrlOf: () => undefined,
  rawInference: false,
  observer: noObserver,
});

// so many connections as this machine has files for are too many to open here
let mockMost: number | undefined;
jest.mock("../file-limit", () => ({ mostConnections: () => mockMost }));
afterEach(() => (mockMost = undefined));

let ports: Ports;
const open = async (more: Record<string, string>, ...models: Model[]): Promise<void> => {
  ports = new Ports(settings(more), log, undefined);
  await ports.show(showing(...models));
};
afterEach(async () => {
  ports.cut();
  await ports.drain();
});

const get = (url: string): Promise<Response> => fetch(url, { headers: { connection: "close" } });
const served = async (): Promise<string[]> => {
  const { models } = (await (await get(`${at}:21150/models`)).json()) as { models: { name: string }[] };
  return models.map(({ name }) => name);
};
const status = (port: number): Promise<number | string> =>
  get(`${at}:${port}/nowhere`).then(
    (answer) => answer.status,
    () => "closed",
  );

it("the same port answers from the new models as soon as they are shown", async () => {
  await open({}, modelOf("a"));
  expect(await served()).toEqual(["a"]);
  await ports.show(showing(modelOf("b"), modelOf("a")));
  expect(await served()).toEqual(["b", "a"]);
});

it("a bundle's own port opens with it, passes to whichever bundle asks for it, and closes with the last", async () => {
  await open({ SEED_PORTS: "1" }, modelOf("a", 21151));
  expect([await status(21151), await status(21152)]).toEqual([404, "closed"]);
  await ports.show(showing(modelOf("b", 21151), modelOf("a", 21152)));
  expect([await status(21151), await status(21152)]).toEqual([404, 404]);
  const { drained } = await ports.show(showing(modelOf("b", 21151)));
  await drained;
  expect([await status(21151), await status(21152)]).toEqual([404, "closed"]);
});

it("where a port cannot be had, nothing changes, and none that was opened for it stays open", async () => {
  await open({ SEED_PORTS: "1" }, modelOf("a", 21151));
  const taken = showing(modelOf("b", 21152), modelOf("c", 21150));
  await expect(ports.show(taken)).rejects.toThrow("The port 21150 is in use.");
  expect([await served(), await status(21151), await status(21152)]).toEqual([["a"], 404, "closed"]);
  const twice = showing(modelOf("b", 21152), modelOf("c", 21152));
  await expect(ports.show(twice)).rejects.toThrow(
    "The port 21152 is asked for twice. Give c alone another one in its contract",
  );
});

it("no port answers a page whose name was turned to this machine's address", async () => {
  await open({ SEED_PORTS: "1", ADMIN_PORT: "21153" }, modelOf("a", 21151));
  const answers = [21150, 21151, 21153].map(async (port) => {
    const socket = connect(port, "127.0.0.1");
    socket.write("GET /models HTTP/1.0\r\nhost: evil.example\r\n\r\n");
    return (await text(socket)).split("\r\n", 1)[0];
  });
  expect(await Promise.all(answers)).toEqual(Array(3).fill("HTTP/1.1 403 Forbidden"));
});

it("however many connect to the ports of the predictions, the control plane's own one takes calls", async () => {
  mockMost = 10;
  await open({ SEED_PORTS: "1", ADMIN_PORT: "21153" }, modelOf("a", 21151));
  const enter = async (port: number): Promise<string> => {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    socket.write("GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n");
    return Promise.race([once(socket, "data").then(() => "in"), once(socket, "close").then(() => "closed")]);
  };
  const entered: string[] = [];
  for (const port of [21150, 21151, 21150, 21151, 21153]) entered.push(await enter(port));
  expect(entered).toEqual(["in", "in", "closed", "closed", "in"]);
});

it("a port that no bundle asks for any more is waited for and cut with the others", async () => {
  await open({ SEED_PORTS: "1" }, modelOf("a", 21151));
  const socket = connect(21151, "127.0.0.1").on("error", () => undefined);
  socket.write("POST /predictions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n");
  await once(socket, "data");
  const { drained } = await ports.show(showing());
  const seen: string[] = [];
  const ending = [drained.then(() => seen.push("left")), ports.drain().then(() => seen.push("drained"))];
  ports.cut();
  await once(socket, "close");
  await Promise.all(ending);
  expect(seen.sort()).toEqual(["drained", "left"]);
});
