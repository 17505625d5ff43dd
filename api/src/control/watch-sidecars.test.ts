import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Pinned } from "../bundle/description";
import type { Model } from "../predict/model";
import { type SidecarsWatch, watchSidecars } from "./watch-sidecars";

const METADATA = {
  digest: "abc",
  state: "ready",
  reason: null,
  proof: "exact",
  fingerprint: "f",
  blocks: {},
  distances: {},
  python: "3.9.18",
  libraries: {},
};

let server: Server;
let url: string;
let watch: SidecarsWatch;
let model: Model;
let seen: string[];
/** What the sidecar says of the model: a body, or nothing where it does not answer. */
let says: { status?: number; body: unknown } | undefined;

beforeEach(async () => {
  server = createServer((request, response) => {
    if (says === undefined) request.socket.destroy();
    else response.writeHead(says.status ?? 200).end(JSON.stringify(says.body));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const json = { name: "mine", digest: "abc", artifacts: {}, tensors: {}, limits: { block: 4 } } as unknown as Pinned;
  model = { bundle: { name: "mine", json }, availability: { state: "starting", reason: "" } } as unknown as Model;
  seen = [];
  watch = watchSidecars(model, {
    ...{ stateFolder: "none", areElsewhere: false, longestCallMs: 11_000 },
    maxRowsWaiting: 10,
    onChange: ({ availability }) =>
      seen.push("reason" in availability ? `${availability.state}: ${availability.reason}` : availability.state),
  });
});

afterEach(async () => {
  watch.stop();
  server.closeAllConnections();
  server.close();
  if (server.listening) await once(server, "close");
});

/** Waits until the model's availability is of this kind. */
async function until(state: string): Promise<void> {
  const end = performance.now() + 4_000;
  while (model.availability.state !== state) {
    if (performance.now() > end) throw new Error(`it never was ${state}, but ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it("follows a sidecar from its loading to its proof, and tells each change once", async () => {
  says = { body: { ...METADATA, state: "loading", proof: null } };
  watch.follow(url, 0);
  await until("loading");
  says = { body: { ...METADATA, state: "proving", reason: "64 rows", proof: null } };
  await until("proving");
  says = { body: METADATA };
  await until("ready");
  expect(seen).toEqual(["loading: its artifacts are being loaded", "proving: 64 rows", "ready"]);
  expect(model.availability).toMatchObject({ description: model.bundle.json, sidecar: METADATA });
});

it("tells why a bundle failed, in the sidecar's own words", async () => {
  says = { body: { ...METADATA, state: "failed", reason: "row 3 differs by 2 ulp", proof: "failed" } };
  watch.follow(url, 0);
  await until("failed");
  expect(seen).toEqual(["failed: row 3 differs by 2 ulp"]);
});

it("never serves from a sidecar that has another bundle", async () => {
  says = { body: { ...METADATA, digest: "other" } };
  watch.follow(url, 0);
  await until("failed");
  expect(seen).toEqual(["failed: its sidecar has another bundle (digest other): start both from the same folder"]);
});

it("sees that a sidecar is gone, and that it is there again, with the same predictor", async () => {
  says = { body: METADATA };
  watch.follow(url, 0);
  await until("ready");
  const before = model.availability;
  says = undefined;
  await until("unreachable");
  says = { body: METADATA };
  await until("ready");
  expect(model.availability).toEqual(before);
});

it("does not take one failed question for a sidecar that is gone", async () => {
  says = { body: METADATA };
  watch.follow(url, 0);
  await until("ready");
  let questions = 0;
  server.prependListener("request", () => {
    questions += 1;
    says = questions === 1 ? undefined : { body: METADATA };
  });
  while (questions < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(seen).toEqual(["ready"]);
});

it("sees at once that nobody listens any more", async () => {
  says = { body: METADATA };
  watch.follow(url, 0);
  await until("ready");
  server.closeAllConnections();
  server.close();
  await until("unreachable");
  expect(seen).toHaveLength(2);
});

it.each([
  [{ status: 404, body: { error: "there is no model mine" } }, '404: {"error":"there is no model mine"}'],
  [{ body: { ...METADATA, digest: 5, state: "?" } }, "it says nothing of digest, state"],
])("says in a line what was answered where that is not about a bundle: %j", async (answer, reason) => {
  says = answer;
  watch.follow(url, 0);
  await until("unreachable");
  expect(seen).toEqual([`unreachable: its sidecar does not answer as agreed (${reason})`]);
});

it("is told that a sidecar is lost, and asks it no more", async () => {
  says = { body: METADATA };
  watch.follow(url, 0);
  await until("ready");
  let questions = 0;
  server.prependListener("request", () => (questions += 1));
  watch.lose("unreachable", "its sidecar is gone (killed) and will be started again", 0);
  expect(model.availability).toEqual({
    state: "unreachable",
    reason: "its sidecar is gone (killed) and will be started again",
  });
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect([questions, model.availability.state]).toEqual([0, "unreachable"]);
});

describe("of two sidecars", () => {
  let other: Server;
  let otherUrl: string;
  let otherSays: unknown;
  beforeEach(async () => {
    other = createServer((_request, response) => response.end(JSON.stringify(otherSays)));
    await once(other.listen(0, "127.0.0.1"), "listening");
    otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    watch.stop();
    other.closeAllConnections();
    other.close();
  });
  const predictor = () => (model.availability.state === "ready" ? model.availability.predictor : undefined);

  it("one that is ready is enough, and the queue before them stays the same whichever is lost", async () => {
    says = { body: METADATA };
    otherSays = { ...METADATA, state: "loading", proof: null };
    watch.follow(otherUrl, 1);
    await until("loading");
    watch.follow(url, 0);
    await until("ready");
    const own = predictor();
    otherSays = METADATA;
    await new Promise((resolve) => setTimeout(resolve, 400)); // it is asked every 100 ms
    watch.lose("unreachable", "its sidecar is gone", 0);
    expect(model.availability.state).toBe("ready");
    expect(predictor()).toBe(own);
    watch.lose("starting", "its sidecar is being started", 1);
    expect(seen).toEqual([
      "loading: its artifacts are being loaded",
      "ready",
      "starting: its sidecar is being started",
    ]);
  });

  it("where none is ready, the one that is nearest is told", async () => {
    says = { body: { ...METADATA, state: "failed", reason: "row 3 differs by 2 ulp", proof: "failed" } };
    watch.follow(url, 0);
    await until("failed");
    watch.lose("preparing", "its environment is being made", 1);
    expect(model.availability).toEqual({ state: "preparing", reason: "its environment is being made" });
  });
});
