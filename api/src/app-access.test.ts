import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { get, type IncomingHttpHeaders, type IncomingMessage, type RequestListener } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import request from "supertest";

import { createDress } from "./access/dress";
import { digestOf, newKey } from "./access/keys/api-key";
import { editKeysFile } from "./access/keys/keys-file";
import { type KeptDoor, openDoor } from "./access/open-door";
import { type AppOptions, createApp, createControlApp } from "./app";
import { listen, type Listening } from "./listen";
import type { MetricsText } from "./metrics/metrics-text";
import { noObserver, type Observer, type ShedReason } from "./observer";
import type { Model } from "./predict/model";
import { readSettings } from "./settings";

const NAMES = ["shop", "all", "ops", "counts", "loads"] as const;
const SCOPES = { shop: ["glm"], all: ["*"], ops: ["control"], counts: ["control:metrics"], loads: ["control:reload"] };
const KEYS = Object.fromEntries(NAMES.map((id) => [id, newKey(id)])) as Record<(typeof NAMES)[number], string>;

let doors: KeptDoor[];
let said: { fields: object; text: string }[];
let shed: string[];
beforeEach(() => {
  doors = [];
  said = [];
  shed = [];
});
afterEach(() => {
  for (const door of doors) door.stop();
});

function doorFor(env: Record<string, string>, withKeys: boolean): KeptDoor {
  const file = join(mkdtempSync(join(tmpdir(), "keys-")), "keys.json");
  editKeysFile(file, () => NAMES.map((id) => ({ id, sha256: digestOf(KEYS[id]).toString("hex"), scopes: SCOPES[id] }))); // prettier-ignore
  const tell = (fields: object, text: string): void => void said.push({ fields, text });
  const observer = { ...noObserver, shed: (model: string, reason: ShedReason) => void shed.push(`${model} ${reason}`) };
  const settings = readSettings({ ...env, ...(withKeys && { API_KEYS_FILE: file }) });
  const door = openDoor(settings, observer, { info: tell, warn: tell, error: tell });
  doors.push(door);
  return door;
}

/** A model that has not been heard of: who comes in learns 503, and that is enough here. */
const model = {
  bundle: {
    name: "glm",
    manifest: { version: "1", limits: { rows: 10 }, contract: { routes: [] } },
    inputs: new Map(),
    json: { name: "glm", outputs: [], tensors: {}, lock: { packages: {} } },
  },
  availability: { state: "starting", reason: "it is on its way" },
} as unknown as Model;

const optionsFor = (env: Record<string, string>, withKeys = true, more: Partial<AppOptions> = {}): AppOptions => ({
  models: [],
  refused: new Map(),
  refusedDefault: undefined,
  isDraining: () => false,
  limits: { bodyBytes: 100_000, timeoutMs: 500 },
  sidecarUrlOf: () => undefined,
  rawInference: false,
  observer: noObserver,
  reload: () => Promise.resolve([]),
  door: doorFor(env, withKeys),
  dress: createDress({ origins: [], hasTls: false }),
  ...more,
});

const tellMetrics = (): Promise<MetricsText> => Promise.resolve({ contentType: "text/plain", text: "" });

describe("with keys", () => {
  const app = (): RequestListener => createApp({ ...optionsFor({}), models: [model], tellMetrics });
  const statusOf = async (listener: RequestListener, line: string, key?: string): Promise<number> => {
    const [method = "", path = ""] = line.split(" ");
    const asked = request(listener)[method.toLowerCase() as "get"](path);
    return (await (key === undefined ? asked : asked.set("x-api-key", key))).status;
  };

  it.each([
    ["GET /livez", [200, 200, 200, 200]],
    ["GET /readyz", [503, 503, 503, 503]],
    ["GET /models", [401, 200, 200, 200]],
    ["GET /models/glm", [401, 200, 200, 200]],
    ["GET /models/other", [401, 404, 404, 404]],
    ["DELETE /models", [401, 405, 405, 405]],
    ["GET /metrics", [401, 403, 403, 200]],
    ["GET /nowhere", [401, 404, 404, 404]],
    ["POST /admin/reload", [401, 403, 403, 200]],
    ["GET /admin/reload", [401, 403, 403, 405]],
    ["GET /v2/health/live", [503, 503, 503, 503]],
    ["GET /v2/models/glm", [401, 503, 503, 503]],
    ["POST /v2/models/glm/infer", [401, 404, 404, 403]],
  ])("%s", async (line, [nobody, shop, all, ops]) => {
    const listener = app();
    const statuses = [await statusOf(listener, line)];
    for (const key of [KEYS.shop, KEYS.all, KEYS.ops]) statuses.push(await statusOf(listener, line, key));
    expect(statuses).toEqual([nobody, shop, all, ops]);
  });

  it.each([
    ["GET /metrics", 200, 403],
    ["POST /metrics", 405, 403],
    ["POST /admin/reload", 403, 200],
    ["GET /admin/reload", 403, 405],
    ["GET /models", 200, 200],
    ["POST /models/glm/predictions", 403, 403],
  ])("a key for one of them alone may do that: %s", async (line, counts, loads) => {
    const listener = app();
    expect([await statusOf(listener, line, KEYS.counts), await statusOf(listener, line, KEYS.loads)]).toEqual([
      counts,
      loads,
    ]);
  });

  it("a prediction needs the bundle's scope, and is not read without", async () => {
    const listener = app();
    const at = "/models/glm/predictions";
    const statuses = [undefined, "pp_shop_wrong", KEYS.ops, KEYS.shop, KEYS.all].map((key) =>
      statusOf(listener, `POST ${at}`, key),
    );
    expect((await Promise.all(statuses)).map((status) => [401, 403].includes(status))).toEqual([true, true, true, false, false]); // prettier-ignore
    expect(await statusOf(listener, `POST ${at}?x=1`)).toBe(401);
    expect(shed.sort()).toEqual(Array(4).fill("glm key"));
  });

  it("no problem and no line of the log repeats what was presented", async () => {
    const wrong = newKey("shop");
    const { text } = await request(app()).post("/admin/reload").set("authorization", `Bearer ${wrong}`);
    await request(app()).post("/admin/reload").set("authorization", `Bearer ${KEYS.shop}`);
    expect(text + JSON.stringify(said)).not.toContain(wrong.slice(9));
    expect(JSON.stringify(said)).not.toContain(KEYS.shop.slice(9));
  });

  it("whatever somebody does to the server is told with who, what, and what came of it", async () => {
    const listener = app();
    for (const key of [KEYS.ops, KEYS.shop, "none"]) {
      await request(listener).post("/admin/reload?x=secret").set("x-api-key", key).set("x-request-id", "mine");
    }
    const action = { audit: true, address: "127.0.0.1", action: "POST /admin/reload", requestId: "mine" };
    expect(said.map(({ fields }) => fields)).toEqual([
      { ...action, who: "ops", outcome: 200 },
      { ...action, who: "shop", outcome: 403 },
      { ...action, who: "nobody", outcome: 401 },
    ]);
  });

  it("of one who left before it was known what came of it, nothing else is told", async () => {
    let done: (outcomes: []) => void = () => undefined;
    const reload = (): Promise<[]> => new Promise((resolve) => (done = resolve));
    const listening = await listen(createApp(optionsFor({}, true, { reload })), 0, "127.0.0.1");
    const socket = connect(Number(new URL(listening.url).port), "127.0.0.1");
    socket.write(`POST /admin/reload HTTP/1.1\r\nhost: x\r\nx-api-key: ${KEYS.ops}\r\ncontent-length: 0\r\n\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    done([]);
    await listening.drain();
    expect(said.map(({ fields }) => fields)).toMatchObject([{ who: "ops", outcome: 499 }]);
  });

  it("a large body of a stranger is not read to its end", async () => {
    const listening = await listen(app(), 0, "127.0.0.1");
    try {
      const began = performance.now();
      const answer = await fetch(`${listening.url}/models/glm/predictions`, {
        method: "POST",
        body: new ReadableStream({
          pull: (to) => new Promise((done) => setTimeout(() => { to.enqueue(new Uint8Array(1_000)); done(); }, 20)), // prettier-ignore
        }),
        duplex: "half",
      });
      expect([answer.status, answer.headers.get("connection")]).toEqual([401, "close"]);
      expect(performance.now() - began).toBeLessThan(2_000);
    } finally {
      listening.cut();
      await listening.drain();
    }
  });
});

describe("without keys", () => {
  it.each<[string, Record<string, string>, number]>([
    ["from this machine", {}, 200],
    ["from a page", { origin: "https://evil.example" }, 403],
    ["through a proxy", { "x-forwarded-for": "192.0.2.1" }, 403],
    ["through another proxy", { forwarded: "for=192.0.2.1" }, 403],
    ["through a proxy that names itself", { via: "1.1 proxy" }, 403],
    ["through a proxy of another custom", { "x-real-ip": "192.0.2.1" }, 403],
    ["through a proxy that hides its callers", { "x-forwarded-proto": "https" }, 403],
  ])("the server is steered %s: %j is %i", async (_from, headers, status) => {
    const asked = request(createControlApp(optionsFor({}, false))).post("/admin/reload");
    expect((await asked.set(headers)).status).toBe(status);
  });

  it("the server is not steered in HTTP/1.0, which proxies speak that say nothing of themselves", async () => {
    const listening = await listen(createControlApp(optionsFor({}, false)), 0, "127.0.0.1");
    const socket = connect(Number(new URL(listening.url).port), "127.0.0.1");
    socket.write("POST /admin/reload HTTP/1.0\r\nhost: x\r\n\r\n");
    const answer = await text(socket);
    listening.cut();
    await listening.drain();
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });

  it("nobody is asked for anything", async () => {
    const listener = createApp(optionsFor({}, false));
    const statuses = [await request(listener).get("/models"), await request(listener).get("/nowhere")];
    expect(statuses.map(({ status }) => status)).toEqual([200, 404]);
  });
});

describe("limits", () => {
  it("guessing keys is limited too, and health is not", async () => {
    const listener = createApp(optionsFor({ RATE_LIMITS: "address:requests=2/60s" }));
    const statuses: number[] = [];
    for (const path of ["/models", "/models", "/models", "/livez"])
      statuses.push((await request(listener).get(path)).status);
    expect(statuses).toEqual([401, 401, 429, 200]);
    expect(shed).toEqual([" key", " key", " rate"]);
  });

  const LIMIT = { RATE_LIMITS: "address:requests=1/60s" };
  const answered = async (listener: RequestListener, line: string, key?: string): Promise<string> => {
    const [method = "", path = ""] = line.split(" ");
    const asked = request(listener)[method.toLowerCase() as "get"](path);
    const { status, headers } = await (key === undefined ? asked : asked.set("x-api-key", key));
    return `${status}${"ratelimit" in headers ? " counted" : ""}`;
  };
  const WITH_LIMIT = { tellMetrics, models: [model] };

  it("the control plane answers whoever has a key for it, whatever callers have taken, and who has none is counted", async () => {
    const listener = createApp(optionsFor(LIMIT, true, WITH_LIMIT));
    const said = [
      await answered(listener, "GET /models", KEYS.shop),
      await answered(listener, "GET /models", KEYS.shop),
      await answered(listener, "GET /metrics", KEYS.counts),
      await answered(listener, "HEAD /metrics", KEYS.ops),
      await answered(listener, "POST /admin/reload", KEYS.loads),
      await answered(listener, "POST /admin/reload", KEYS.ops),
      await answered(listener, "GET /metrics", KEYS.loads),
      await answered(listener, "GET /metrics", newKey("ops")),
      await answered(listener, "GET /metrics"),
      await answered(listener, "POST /admin/reload", KEYS.counts),
      await answered(listener, "GET /models", KEYS.ops),
    ];
    expect(said).toEqual([
      ...["200 counted", "429 counted"],
      ...["200", "200", "200", "200"],
      ...["429 counted", "429 counted", "429 counted", "429 counted", "429 counted"],
    ]);
  });

  it("who guesses keys for the control plane is counted", async () => {
    const listener = createApp(optionsFor(LIMIT, true, WITH_LIMIT));
    const guess = () => answered(listener, "GET /metrics", newKey("ops"));
    expect([await guess(), await guess()]).toEqual(["401 counted", "429 counted"]);
  });

  it("without keys the counters answer as health does, and orders are counted", async () => {
    const listener = createApp(optionsFor(LIMIT, false, WITH_LIMIT));
    const said: string[] = [];
    for (const line of [
      "GET /metrics",
      "POST /admin/reload",
      "POST /admin/reload",
      "GET /metrics",
      "HEAD /metrics",
      "POST /metrics",
    ])
      // prettier-ignore
      said.push(await answered(listener, line));
    expect(said).toEqual(["200", "200 counted", "429 counted", "200", "200", "429 counted"]);
  });

  it("the problem and its headers are what the drafts say", async () => {
    const listener = createApp(optionsFor({ RATE_LIMITS: "key:requests=1/60s" }));
    const asked = () => request(listener).get("/models").set("x-api-key", KEYS.shop);
    const { headers } = await asked();
    expect([headers["ratelimit-policy"], headers["ratelimit"]]).toEqual([
      '"key-requests-60s";q=1;w=60',
      '"key-requests-60s";r=0;t=60',
    ]);
    const second = await asked();
    const refused = second.headers as IncomingHttpHeaders;
    expect([second.status, second.body, refused["ratelimit"]]).toEqual([
      429,
      {
        type: "urn:picklepod:problem:quota-exceeded",
        title: "More was asked for than the caller may in this time",
        status: 429,
        detail:
          "More was asked for than may be: 1 requests in 60 s for each key. Wait as long as Retry-After says, or ask whoever runs this server for more.",
        instance: expect.stringMatching(/^urn:picklepod:request:/) as unknown,
        "violated-policies": ["key-requests-60s"],
      },
      '"key-requests-60s";r=0;t=60',
    ]);
    expect(Number(refused["retry-after"])).toBeGreaterThanOrEqual(60);
  });
});

describe("what is refused at the door", () => {
  it("is counted for the bundle that it was for, as often as it is shed", async () => {
    const answered: string[] = [];
    const observer: Observer = {
      ...noObserver,
      answered: ({ model: of, status }) => void answered.push(`${of} ${status}`),
    };
    const options = optionsFor({ RATE_LIMITS: "address:requests=2/60s" }, true, { models: [model], observer });
    const listener = createApp(options);
    const at = "/models/glm/predictions";
    await request(listener).post(at);
    await request(listener).post(`${at}?x=1`);
    for (const path of [at, `${at}?x=1`, "/models"]) await request(listener).post(path);
    expect(answered).toEqual(["glm 401", "glm 401", "glm 429", "glm 429", " 429"]);
    expect(shed).toEqual(["glm key", "glm key", "glm rate", "glm rate", " rate"]);
  });
});

describe("browsers", () => {
  const origins = ["https://shop.example"];
  const listener = (): RequestListener =>
    createApp(optionsFor({}, true, { dress: createDress({ origins, hasTls: false }) }));

  it("are told beforehand whether a page may call, without a key", async () => {
    const answer = await request(listener())
      .options("/models/glm/predictions")
      .set({ origin: "https://shop.example", "access-control-request-headers": "x-api-key,content-type" });
    expect([answer.status, answer.headers]).toEqual([
      204,
      expect.objectContaining({
        "access-control-allow-origin": "https://shop.example",
        "access-control-allow-headers": "x-api-key,content-type",
        "access-control-allow-methods": "GET,POST,PUT",
        vary: "Origin, Access-Control-Request-Headers",
      }),
    ]);
  });

  it("let a page read the answer and its headers; another origin's page hears nothing", async () => {
    const from = async (origin: string): Promise<Record<string, string | undefined>> =>
      (await request(listener()).get("/livez").set("origin", origin)).headers;
    const named = await from("https://shop.example");
    expect(named["access-control-allow-origin"]).toBe("https://shop.example");
    expect(named["access-control-expose-headers"]).toContain("picklepod-bundle");
    expect(named["access-control-allow-credentials"]).toBeUndefined();
    expect((await from("https://evil.example"))["access-control-allow-origin"]).toBeUndefined();
  });

  it("may not call the control plane on its own port, whatever their origin", async () => {
    const control = createControlApp(optionsFor({}, true, { dress: createDress({ origins: ["*"], hasTls: false }) }));
    const { headers } = await request(control).get("/livez").set("origin", "https://shop.example");
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });

  it("hear what helmet says; of TLS only where there is TLS", async () => {
    const of = async (hasTls: boolean): Promise<Record<string, string | undefined>> => {
      const app = createApp(optionsFor({}, true, { dress: createDress({ origins: [], hasTls }) }));
      return (await request(app).get("/livez")).headers;
    };
    const [plain, secure] = [await of(false), await of(true)];
    expect(plain).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer" }); // prettier-ignore
    expect(plain["content-security-policy"]).not.toContain("upgrade-insecure-requests");
    expect(plain["strict-transport-security"]).toBeUndefined();
    expect(secure["strict-transport-security"]).toBe("max-age=31536000");
    expect(secure["content-security-policy"]).toContain("upgrade-insecure-requests");
  });
});

describe("what a caller knows itself by", () => {
  it.each([
    ["", {}],
    [", whatever else is expected of us", { expect: "100-continue" }],
    [", nor what would make another protocol of it", { connection: "upgrade", upgrade: "websocket" }],
  ])("never reaches a sidecar, which is told the token instead%s", async (_also, also) => {
    let heard: IncomingHttpHeaders = {};
    const sidecar: Listening = await listen((request, response) => {
      heard = request.headers;
      response.end("{}");
    }, 0, "127.0.0.1"); // prettier-ignore
    const more = { sidecarUrlOf: () => sidecar.url, sidecarToken: "the-token-of-this-start", models: [model] };
    try {
      const api = await listen(createApp(optionsFor({}, true, more)), 0, "127.0.0.1");
      const own = { "x-api-key": KEYS.shop, authorization: `Bearer ${KEYS.shop}`, cookie: "a=b", "x-mine": "1" };
      const asked = get(`${api.url}/v2/models/glm`, { headers: { ...own, ...also } }).end();
      const [answer] = (await once(asked, "response")) as [IncomingMessage];
      answer.resume();
      api.cut();
      await api.drain();
      expect([answer.statusCode, heard["x-mine"], heard.authorization]).toEqual([200, "1", "Bearer the-token-of-this-start"]); // prettier-ignore
      const left = ["x-api-key", "cookie", "expect", "upgrade"].filter((name) => name in heard);
      expect([left, heard.connection]).toEqual([[], "close"]);
    } finally {
      sidecar.cut();
      await sidecar.drain();
    }
  });
});
