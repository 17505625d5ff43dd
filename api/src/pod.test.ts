import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { modelOfOneOutput } from "../test/one-output";
import type { Bundle } from "./bundle/read-bundles";
import { createPod } from "./pod";
import type { Settings } from "./settings";

let server: Server;
let asked = 0;
beforeEach(async () => {
  asked = 0;
  server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(503).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it("what is added to a pod that is stopped is neither started nor asked: nobody would end it", async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const started: Bundle[] = [];
  const pod = createPod({
    settings: { SIDECAR_URLS: new Map([["elsewhere", url]]), SIDECAR_TOKEN: "" } as unknown as Settings,
    startSidecars: (bundles) => {
      started.push(...bundles);
      return { release: () => Promise.resolve(), stop: () => Promise.resolve() };
    },
  });
  const { bundle } = modelOfOneOutput([["x", { type: "number" }]]).model;
  const [own, elsewhere] = [{ ...bundle }, { ...bundle, name: "elsewhere" }];
  pod.add([own]);
  await pod.stop();
  const late = { ...bundle };
  expect(pod.add([late, elsewhere])).toHaveLength(2);
  await passed(150); // it would be asked at once
  expect([started, asked]).toEqual([[own], 0]);
  await pod.remove(late);
});
