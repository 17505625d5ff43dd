import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import type { Problem } from "../problems";
import { readSettings } from "../settings";
import { refuseForeignHosts } from "./foreign-hosts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

let told: [string, unknown][] = [];
let audit: object[] = [];
const log = { info: jest.fn(), warn: (line: object) => void audit.push(line), error: jest.fn() };

async function asked(
  host: string,
  env: Record<string, string> = {},
  path = "/",
  method = "GET",
): Promise<{ status: number; body: string }> {
  told = [];
  audit = [];
  const onRefused = (problem: Problem, id: string): void => void told.push([problem.problemName, id]);
  const server = createServer(
    refuseForeignHosts((_request, response) => response.end("answered"), readSettings(env), onRefused, log),
  );
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const call = request({ port, path, method, headers: { host }, agent: false }).end();
  const [response] = (await once(call, "response")) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}

it.each(["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "192.168.1.5:80", "api:8080", "a.localhost", ""])(
  "answers to the Host %p, which no page of the internet can have",
  async (host) => {
    expect(await asked(host)).toEqual({ status: 200, body: "answered" });
  },
);

it.each(["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "1.2.3", "a.b:x"])(
  "refuses the Host %p, under which a page could read what it answers",
  async (host) => {
    const { status, body } = await asked(host);
    expect([status, JSON.parse(body)]).toMatchObject([403, { type: expect.stringMatching(/forbidden$/) as unknown }]);
    const { instance } = JSON.parse(body) as { instance: string };
    expect(told).toEqual([["forbidden", instance.replace("urn:picklepod:request:", "")]]);
    expect(body).toContain("The Host header has a name that is not this machine's. Without API keys");
  },
);

it("tells the audit of an order that came so", async () => {
  await asked("evil.example", {}, "/models", "POST");
  await asked("evil.example", {}, "/admin/reload");
  expect(audit).toEqual([]);
  await asked("evil.example", {}, "/admin/reload", "POST");
  const line = { audit: true, who: "nobody", address: "127.0.0.1", action: "POST /admin/reload", outcome: 403 };
  expect(audit).toEqual([{ ...line, requestId: told[0]?.[1] }]);
});

it.each([{ HOST: "0.0.0.0" }, { API_KEYS_FILE: "keys.json" }, { TRUSTED_PROXIES: "loopback" }])(
  "leaves the Host to others with %j",
  async (env) => {
    expect(await asked("shop.example", env)).toEqual({ status: 200, body: "answered" });
  },
);
