import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Bundle } from "../bundle/read-bundles";
import { noObserver } from "../observer";
import { Following, type NotReady, type SidecarReady } from "./follow-sidecar";

it("of a sidecar that is there and never answers it says, after a while, who is to mend that", async () => {
  const silent = createServer(() => undefined);
  await once(silent.listen(0, "127.0.0.1"), "listening");
  const heard: (SidecarReady | NotReady)[] = [];
  const following = new Following({
    url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    number: 0,
    observer: noObserver,
    bundle: { name: "mine" } as unknown as Bundle,
    stateFolder: "none",
    onHeard: (one) => heard.push(one),
    frozenAfterMs: 2_500,
  });
  const end = performance.now() + 10_000;
  while (heard.length < 2 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  following.stop();
  silent.closeAllConnections();
  silent.close();
  expect(heard).toMatchObject([
    { state: "unreachable", reason: expect.stringMatching(/^its sidecar does not answer as agreed/) as unknown },
    { state: "unreachable", reason: expect.stringMatching(/Whatever started it should end it and/) as unknown },
  ]);
}, 20_000);
