import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
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

/** What is known of a client that sends this head, and reads nothing of what it is answered. */
async function clientOf(head: string, answer: (client: Client, response: ServerResponse) => void): Promise<Client> {
  let watching: Client | undefined;
  server = createServer((request, response) => {
    watching = watchClient(request, response, IDLE_MS);
    answer(watching, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1")
    .pause()
    .on("error", () => undefined);
  socket.write(head);
  await once(server, "request");
  if (watching === undefined) throw new Error("no request came");
  return watching;
}

const passed = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));
const HEAD = "PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n";
const MUCH = Buffer.alloc(20_000_000);

describe("a client that does nothing", () => {
  it.each([
    ["sends no rows that are awaited", (client: Client) => void (client.isToSend = true), "No byte of the rows came"],
    ["reads none of an answer that goes on", (_: Client, response: ServerResponse) => void response.write(MUCH), "No byte of the answer was read"], // prettier-ignore
    ["reads none of an answer's last piece", (_: Client, response: ServerResponse) => void response.end(MUCH), "No byte of the answer was read"], // prettier-ignore
  ])("is given up where it %s, and then it is slow", async (_what, answer, detail) => {
    const { signal, pace } = await clientOf(HEAD, answer);
    await passed(50);
    for (let looks = 0; looks < 400; looks += 1) pace.look();
    expect(pace.bytesPerSecond).toBeLessThan(500);
    for (let waited = 0; !signal.aborted && waited < 3_000; waited += 50) await passed(50);
    expect(signal.reason).toMatchObject({
      problemName: "client-idle",
      message: expect.stringContaining(detail) as string,
    });
  });

  it("is neither where it waits for the model", async () => {
    const { signal, pace } = await clientOf(HEAD, () => undefined);
    for (let looks = 0; looks < 400; looks += 1) pace.look();
    await passed(5 * IDLE_MS);
    expect([signal.aborted, pace.bytesPerSecond]).toEqual([false, undefined]);
  });
});
