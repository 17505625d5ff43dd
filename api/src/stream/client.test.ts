import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";

import { type Client, watchClient } from "./client";

const IDLE_MS = 200;

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends one request, and tells after how long the connection was closed. */
async function connectionOf(answer: (client: Client, end: () => Promise<unknown>) => Promise<void>): Promise<number> {
  server = createServer({ keepAliveTimeout: 300 }, (request, response) => {
    const end = async (): Promise<unknown> => {
      response.end("done");
      return once(response, "finish");
    };
    void answer(watchClient(request, response, IDLE_MS), end);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").resume();
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  const started = performance.now();
  const open = new Promise((resolve) => setTimeout(resolve, 4_000).unref());
  await Promise.race([once(socket, "close"), open]);
  const ms = performance.now() - started;
  socket.destroy();
  return ms;
}

describe("a connection that carried a stream", () => {
  it.each([
    [
      "behind",
      async (client: Client, end: () => Promise<unknown>) => {
        await end();
        client.done();
      },
    ],
    [
      "before",
      async (client: Client, end: () => Promise<unknown>) => {
        const ended = end();
        client.done();
        await ended;
      },
    ],
  ])("ends as any kept one does, where the stream is given up %s the answer's end", async (_when, answer) => {
    expect(await connectionOf(answer)).toBeLessThan(3_000);
  });
});
