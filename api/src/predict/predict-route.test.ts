import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

import { idle } from "../../test/idle-predictor";
import { modelOfOneOutput } from "../../test/one-output";
import type { SidecarMetadata } from "../bundle/sidecar-metadata";
import { noObserver } from "../observer";
import { nativeRoute } from "./model";
import { createPredictHandler } from "./predict-route";

let server: Server;
let client: Socket;
let answered: [status: number, problem: string | undefined][];
/** What happens to the call's connection when its predictions are there. */
let onPredicted: (theirs: Socket) => void;

beforeEach(async () => {
  answered = [];
  const { model, description } = modelOfOneOutput([["x", { type: "number" }]], { limits: { rows: 10_000 } });
  let theirs: Socket;
  const predict = ({ rows }: { rows: number }) => {
    onPredicted(theirs);
    return Promise.resolve({ rows, outputs: [{ name: "p", columns: null, values: new Float64Array(rows) }] });
  };
  const sidecar = { digest: "d", state: "ready", proof: "exact" } as unknown as SidecarMetadata;
  model.availability = { state: "ready", description, sidecar, predictor: { ...idle, predict } };
  const handle = createPredictHandler(model, nativeRoute, { bodyBytes: 1_000_000, timeoutMs: 5_000 }, {
    ...noObserver,
    answered: ({ status, problem }) => void answered.push([status, problem?.problemName]),
  }); // prettier-ignore
  server = createServer((request, response) => {
    theirs = request.socket;
    void handle(request, response, "mine");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  client = connect((server.address() as AddressInfo).port, "127.0.0.1").on("error", () => undefined);
});
afterEach(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

async function ask(rows: number): Promise<void> {
  const body = JSON.stringify(Array.from({ length: rows }, () => ({ x: 1 })));
  const head = `content-type: application/json\r\ncontent-length: ${body.length}`;
  client.write(`POST / HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n${body}`);
  const end = performance.now() + 5_000;
  while (answered.length === 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
}

it("an answer whose client leaves while it is written is given up, and told of as such", async () => {
  onPredicted = (theirs) => {
    setImmediate(() => theirs.destroy()); // the answer is written in turns of the event loop
  };
  await ask(5_000);
  expect(answered).toEqual([[499, "client-gone"]]);
});

it.each([1, 5_000])("one of %i rows whose client stays is answered", async (rows) => {
  onPredicted = () => undefined;
  await ask(rows);
  expect(answered).toEqual([[200, undefined]]);
});
