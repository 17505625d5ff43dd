import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gzipSync } from "node:zlib";

import type { Pinned } from "../bundle/description";
import { Problem } from "../problems";
import { createSidecarClient, type SidecarClient } from "./sidecar-client";
import { ArtifactFailed } from "./sidecar-failure";

const description = {
  name: "mine",
  digest: "abc",
  inputs: { numbers: ["x"], codes: [], texts: [] },
  outputs: [{ name: "p", from: "p" }],
  tensors: { p: { datatype: "FP64", columns: null } },
} as unknown as Pinned;

interface Sent {
  id: string;
  parameters: { timeout_ms: number };
}
type Answer = (response: ServerResponse, sent: Sent, request: IncomingMessage) => void;

const FAIR_TRIAL_MS = 250;

/** A sidecar that reads a call and answers it as the test says. */
let answer: Answer;
let calls = 0;
let server: Server;
let url: string;
let client: SidecarClient;
const sockets = new Set<Socket>();

beforeEach(async () => {
  calls = 0;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      calls += 1;
      const head = Number(request.headers["inference-header-content-length"]);
      answer(response, JSON.parse(Buffer.concat(chunks).toString("utf8", 0, head)) as Sent, request);
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = createSidecarClient(url, description, {}, FAIR_TRIAL_MS);
});

afterEach(async () => {
  client.close();
  for (const socket of sockets) socket.destroy();
  server.close();
  if (server.listening) await once(server, "close");
});

const reply = (id: string): { head: Buffer; data: Buffer } => {
  const outputs = [{ name: "p", datatype: "FP64", shape: [1], parameters: { binary_data_size: 8 } }];
  const head = Buffer.from(JSON.stringify({ model_name: "mine", id, parameters: { digest: "abc" }, outputs }));
  return { head, data: Buffer.from(Float64Array.of(0.5).buffer) };
};
const honest: Answer = (response, { id }) => {
  const { head, data } = reply(id);
  response.setHeader("inference-header-content-length", head.length).end(Buffer.concat([head, data]));
};
const json =
  (status: number, body: unknown): Answer =>
  (response) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
const artifactFailed = json(500, { error: "step p: ValueError: x", problem: "artifact-failed" });

const infer = (timeoutMs = 2_000) =>
  client.infer({ rows: 1, numbers: Float64Array.of(1), codes: new Int32Array(), texts: [] }, timeoutMs);

/** How a call ended: its prediction, or its problem's name and detail. */
async function outcome(timeoutMs?: number): Promise<unknown> {
  try {
    return [...((await infer(timeoutMs)).outputs[0]?.values ?? [])];
  } catch (error) {
    if (error instanceof Problem) return `${error.problemName}: ${error.message}`;
    if (error instanceof ArtifactFailed) return `ArtifactFailed: ${error.message}`;
    throw error;
  }
}

const GONE = "unavailable: The sidecar is not there; it is being started again. Try again in a second.";
const LATE = "deadline-exceeded: The sidecar did not answer within the deadline. Try again.";
const LEFT_ALONE = "unavailable: The sidecar failed several times; it is being left alone. Try again in a second.";
const fault = (message: string): string =>
  `sidecar-fault: ${message}. No prediction was made from it; the log says more.`;

it("a call goes out as bytes, with its deadline, and comes back verified", async () => {
  let seen: unknown;
  answer = (response, sent, request) => {
    seen = [request.method, request.url, request.headers["content-type"], sent.parameters];
    honest(response, sent, request);
  };
  expect(await outcome(250)).toEqual([0.5]);
  const parameters = { digest: "abc", timeout_ms: 250, binary_data_output: true };
  expect(seen).toEqual(["POST", "/v2/models/mine/infer", "application/octet-stream", parameters]);
});

it("a call says what the longest is that any caller waits", async () => {
  client.close();
  client = createSidecarClient(url, description, { longestCallMs: 11_000 }, FAIR_TRIAL_MS);
  let seen: unknown;
  answer = (response, sent, request) => {
    seen = sent.parameters;
    honest(response, sent, request);
  };
  await outcome(250);
  expect(seen).toEqual({ digest: "abc", timeout_ms: 250, longest_ms: 11_000, binary_data_output: true });
});

it.each([
  ["infer;dur=12.345", 12.345],
  ["something else", NaN],
  ["infer;dur=-1.000", NaN],
  ["infer;dur=1e999", NaN],
])("Server-Timing: %s is %d ms that the sidecar was busy", async (timing, busyMs) => {
  answer = (response, sent, request) => {
    response.setHeader("server-timing", timing);
    honest(response, sent, request);
  };
  expect((await infer()).busyMs).toBe(busyMs);
});

describe("what is no honest answer is never a prediction:", () => {
  const altered =
    (change: (head: string) => string): Answer =>
    (response, { id }) => {
      const { head, data } = reply(id);
      const lie = Buffer.from(change(head.toString()));
      response.setHeader("inference-header-content-length", lie.length).end(Buffer.concat([lie, data]));
    };
  const withLength =
    (length: string | undefined): Answer =>
    (response, { id }) => {
      const { head, data } = reply(id);
      if (length !== undefined) response.setHeader("inference-header-content-length", length);
      response.end(Buffer.concat([head, data]));
    };

  it.each<[string, Answer, string]>([
    [
      "another call's id",
      altered((head) => head.replace(/"id":"[^"]*"/, '"id":"other"')),
      fault("the reply has another call's id"),
    ],
    [
      "another digest",
      altered((head) => head.replace('"abc"', '"abd"')),
      fault("the reply is another bundle's: its digest differs"),
    ],
    ["another model", altered((head) => head.replace('"mine"', '"other"')), fault("the reply is another model's")],
    [
      "more rows",
      altered((head) => head.replace("[1]", "[2]")),
      fault('an output is ["p","FP64",[2]] in place of ["p","FP64",[1]]'),
    ],
    ["no header length", withLength(undefined), fault("the reply's header has no length")],
    ["a header length that is no number", withLength("many"), fault("the reply's header has no length")],
    ["a header length that is negative", withLength("-5"), fault("the reply's header has no length")],
    ["a header length beyond the reply", withLength("1000000"), fault("the reply's header has no length")],
    [
      "HTML",
      (response) => response.setHeader("inference-header-content-length", "6").end("<html>"),
      fault("the reply's header is not a JSON object"),
    ],
    [
      "a gzipped reply",
      (response, { id }) => {
        const { head, data } = reply(id);
        response
          .writeHead(200, { "content-encoding": "gzip", "inference-header-content-length": head.length })
          .end(gzipSync(Buffer.concat([head, data])));
      },
      fault("the reply's header has no length"),
    ],
    ["204", (response) => response.writeHead(204).end(), fault("the sidecar answered 204: something that is not JSON")],
    [
      "a redirect, which is not followed",
      (response) => response.writeHead(307, { location: `${url}/v2/models/other/infer` }).end(),
      fault("the sidecar answered 307: something that is not JSON"),
    ],
    ["400", json(400, { error: "bad", problem: "bad-tensors" }), fault("the sidecar answered 400: bad")],
    ["404", json(404, { error: "no such", problem: "unknown-model" }), fault("the sidecar answered 404: no such")],
    ["409", json(409, { error: "another", problem: "wrong-digest" }), fault("the sidecar answered 409: another")],
    ["500", json(500, { error: "Traceback" }), fault("the sidecar answered 500: Traceback")],
    [
      "500 with HTML",
      (response) => response.writeHead(500).end("<html>"),
      fault("the sidecar answered 500: something that is not JSON"),
    ],
    ["500 with null", json(500, null), fault("the sidecar answered 500: undefined")],
    ["500 artifact-failed", artifactFailed, "ArtifactFailed: step p: ValueError: x"],
    [
      "503",
      json(503, { error: "proving", problem: "not-ready" }),
      "unavailable: The sidecar is not ready: proving Try again in a second.",
    ],
    ["504 expired", json(504, { error: "late", problem: "expired" }), LATE],
    ["504 of something else", json(504, { error: "late" }), fault("the sidecar answered 504: late")],
    [
      "a connection that is reset",
      (response) => {
        response.socket?.resetAndDestroy();
      },
      GONE,
    ],
    [
      "a connection that is closed",
      (response) => {
        response.socket?.destroy();
      },
      GONE,
    ],
  ])("%s", async (_, lie, expected) => {
    answer = lie;
    expect(await outcome()).toBe(expected);
    expect(calls).toBe(1);
  });

  it("a body cut short", async () => {
    answer = (response, { id }) => {
      const { head } = reply(id);
      response.writeHead(200, { "content-length": head.length + 8, "inference-header-content-length": head.length });
      response.write(head, () => response.socket?.destroy());
    };
    expect(await outcome()).toMatch(/^(sidecar-fault|unavailable): /);
  });

  it("a reply without an end, of which no more is read than an honest one can have", async () => {
    let sent = 0;
    answer = (response) => {
      response.writeHead(200, { "inference-header-content-length": "10" });
      const piece = Buffer.alloc(64 * 1024);
      const send = (): void => {
        while (!response.destroyed && response.write(piece)) sent += piece.length;
      };
      response.on("drain", send);
      send();
    };
    expect(await outcome()).toBe(fault("the reply is larger than 65544 bytes"));
    expect(sent).toBeLessThan(20 * 1024 * 1024);
  });

  it("what is not HTTP", async () => {
    server.removeAllListeners("request");
    server.on("connection", (socket) => socket.on("data", () => socket.end("hello\r\n\r\n")));
    expect(await outcome()).toMatch(/^sidecar-fault: /);
  });

  it("a sidecar that is known to be gone, told to those who wait for it", async () => {
    answer = () => {
      client.close();
    };
    expect(await outcome()).toBe(GONE);
  });

  it("nobody there", async () => {
    server.close();
    expect(await outcome()).toBe(GONE);
  });
});

describe("the deadline", () => {
  const early = async (work: Promise<unknown>): Promise<unknown> => {
    const started = performance.now();
    const result = await work;
    expect(performance.now() - started).toBeLessThan(1_000);
    return result;
  };

  it("ends a call that hangs", async () => {
    answer = () => undefined;
    expect(await early(outcome(60))).toBe(LATE);
  });

  it("ends a call whose answer drips", async () => {
    let drip: NodeJS.Timeout | undefined;
    answer = (response) => {
      response.writeHead(200, { "inference-header-content-length": "10" });
      drip = setInterval(() => response.write(" "), 10);
    };
    expect(await early(outcome(60))).toBe(LATE);
    clearInterval(drip);
  });

  it("is the caller's own: until the sidecar has answered, or had a fair time, it is busy with the call", async () => {
    answer = () => undefined;
    const started = performance.now();
    expect(await outcome(5)).toBe(LATE);
    expect(performance.now() - started).toBeGreaterThan(FAIR_TRIAL_MS - 5);
  });
});

describe("a call whose kept connection closes", () => {
  /** A connection is used again from the next turn of the event loop on. */
  const keepConnection = async (): Promise<void> => {
    answer = honest;
    await infer();
    await new Promise(setImmediate);
    calls = 0;
  };

  it("is not sent a second time: the sidecar may have ended by computing it", async () => {
    await keepConnection();
    answer = (response) => {
      answer = honest;
      response.socket?.resetAndDestroy();
    };
    expect(await outcome()).toBe(GONE);
    expect(calls).toBe(1);
    expect(await outcome()).toEqual([0.5]);
  });

  it("is not sent a second time where the answer had begun", async () => {
    await keepConnection();
    answer = (response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("{", () => response.socket?.resetAndDestroy());
    };
    expect(await outcome()).toMatch(/^(sidecar-fault|unavailable): /);
    expect(calls).toBe(1);
  });
});

it("a connection that nobody uses is closed from here, long before the sidecar's 75 s are over", async () => {
  server.keepAliveTimeout = 0; // or it would tell its own, which the sidecar does not, and which would count
  answer = honest;
  await infer();
  const [socket] = sockets;
  const closed = socket && once(socket, "end");
  const began = performance.now();
  await closed;
  const ms = performance.now() - began;
  expect(ms).toBeGreaterThan(2_000);
  expect(ms).toBeLessThan(10_000);
}, 20_000);

describe("the breaker", () => {
  const fail = json(500, { error: "x" });
  const times = async (count: number): Promise<unknown[]> => {
    const outcomes: unknown[] = [];
    for (let i = 0; i < count; i += 1) outcomes.push(await outcome());
    return outcomes;
  };

  it("leaves a sidecar alone that failed five times, until it has been seen well again", async () => {
    answer = fail;
    await times(5);
    calls = 0;
    expect([await outcome(), calls]).toEqual([LEFT_ALONE, 0]);
    answer = honest;
    expect([await outcome(), calls]).toEqual([LEFT_ALONE, 0]);
    client.recovered();
    expect(await times(2)).toEqual([[0.5], [0.5]]);
  });

  it("lets one call try after half a second, and closes when that is answered", async () => {
    answer = fail;
    await times(6);
    answer = honest;
    await new Promise((resolve) => setTimeout(resolve, 550));
    expect(await times(2)).toEqual([[0.5], [0.5]]);
  });

  it("is not held open by a try that hangs: that ends with its deadline", async () => {
    answer = fail;
    await times(6);
    answer = () => undefined;
    await new Promise((resolve) => setTimeout(resolve, 550));
    expect(await outcome(50)).toBe(LATE);
    answer = honest;
    await new Promise((resolve) => setTimeout(resolve, FAIR_TRIAL_MS + 550));
    expect(await outcome()).toEqual([0.5]);
  });

  it.each<[string, Answer, RegExp]>([
    ["an artifact that fails", artifactFailed, /^ArtifactFailed/],
    [
      "a sidecar that is not ready",
      json(503, { error: "proving", problem: "not-ready" }),
      /^unavailable: The sidecar is not ready/,
    ],
    ["calls that expired", json(504, { error: "late", problem: "expired" }), /^deadline-exceeded/],
  ])("is not opened by %s", async (_, refusing, expected) => {
    answer = refusing;
    for (const result of await times(12)) expect(result).toMatch(expected);
    expect(calls).toBe(12);
  });

  it("is not opened by callers in a hurry, who would take the sidecar from those who are not", async () => {
    answer = (response, sent, request) => {
      setTimeout(() => {
        honest(response, sent, request);
      }, 40);
    };
    for (let i = 0; i < 12; i += 1) expect(await outcome(5)).toEqual([0.5]);
    expect(await outcome()).toEqual([0.5]);
  });

  it("is opened by a sidecar that does not answer in a fair time", async () => {
    answer = () => undefined;
    expect(await Promise.all(Array.from({ length: 6 }, () => outcome(260)))).toEqual(Array(6).fill(LATE));
    expect(await outcome()).toBe(LEFT_ALONE);
  });

  it("knows one client from another", async () => {
    answer = fail;
    await times(6);
    answer = honest;
    const other = createSidecarClient(url, description);
    const { rows } = await other.infer(
      { rows: 1, numbers: Float64Array.of(1), codes: new Int32Array(), texts: [] },
      500,
    );
    other.close();
    expect(rows).toBe(1);
  });
});

it("no proxy is asked, whatever the environment names", async () => {
  const names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) process.env[name] = "http://127.0.0.1:1"; // nobody is there
  try {
    answer = honest;
    const proxied = createSidecarClient(url, description);
    const columns = { rows: 1, numbers: Float64Array.of(1), codes: new Int32Array(), texts: [] };
    expect((await proxied.infer(columns, 1_000)).rows).toBe(1);
    proxied.close();
  } finally {
    for (const [name, value] of before)
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
  }
});
