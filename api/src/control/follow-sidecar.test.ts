import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Bundle } from "../bundle/read-bundles";
import { noObserver } from "../observer";
import { Following, type NotReady, type SidecarReady } from "./follow-sidecar";

let server: Server;
let url: string;
let following: Following;
let heard: (SidecarReady | NotReady)[];

afterEach(async () => {
  following.stop();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

/** What is heard of a sidecar that answers so, until `count` news have come. */
async function follow(answer: RequestListener, isElsewhere: boolean, count: number): Promise<void> {
  server = createServer(answer);
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  heard = [];
  following = new Following({
    ...{ url, isElsewhere, number: 0, longestCallMs: 11_000, observer: noObserver },
    bundle: { name: "mine" } as unknown as Bundle,
    stateFolder: "none",
    onHeard: (one) => heard.push(one),
    frozenAfterMs: 2_500,
  });
  const end = performance.now() + 10_000;
  while (heard.length < count && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}

const REMEDY = {
  own: "It is ended, and started again, where that lasts",
  elsewhere: "Whatever started it should end it and start it again",
};

it.each([
  ["its own", false],
  ["somebody else's", true],
])(
  "of a sidecar that is there and never answers it says, after a while, who is to mend that: %s",
  async (_, elsewhere) => {
    await follow(() => undefined, elsewhere, 2);
    const which = elsewhere ? `its sidecar at ${url} is` : "its sidecar is";
    const reason = `${which} there and has answered nothing for a while: it is frozen, or computes without end. `;
    expect(heard).toMatchObject([
      { state: "unreachable", reason: expect.stringMatching(/^its sidecar does not answer as agreed/) as unknown },
      { state: "unreachable", reason: reason + (elsewhere ? REMEDY.elsewhere : REMEDY.own) },
    ]);
  },
  20_000,
);

it.each([
  ["its own", false],
  ["somebody else's", true],
])("of a sidecar that says it is stuck it says why, and who is to mend that: %s", async (_, elsewhere) => {
  const said = { digest: "abc", state: "stuck", reason: "mine has computed 1 row for 41 s", proof: "exact" };
  const nothing = { fingerprint: null, blocks: null, distances: null, python: null, libraries: null };
  await follow((_request, response) => response.end(JSON.stringify({ ...said, ...nothing })), elsewhere, 1);
  const which = elsewhere ? `its sidecar at ${url} is` : "its sidecar is";
  const reason = `${which} stuck: ${said.reason}. ${elsewhere ? REMEDY.elsewhere : REMEDY.own}`;
  expect(heard[0]).toEqual({ state: "unreachable", reason });
});
