import { readBundle } from "../../src/bundle/read-bundles";
import type { ServedBundle } from "../../src/check/served-bundle";
import { serveBundle } from "../../src/cli/serve-bundle";
import { bundleFolder } from "../bundles";
import { listeningPorts } from "../listening-ports";
import { familyOf } from "../process-family";
import { until } from "../start-picklepod";

jest.setTimeout(900_000); // the first use of a bundle on a machine makes its environment

let served: ServedBundle | undefined;
afterEach(async () => served?.stop());

it("the sidecar that check and score start answers them, and nobody else on the machine", async () => {
  const { model } = (served = await serveBundle(readBundle(bundleFolder("classification"))));
  await until(600_000, "it is ready", () => {
    const { availability } = model;
    if (availability.state === "failed") throw new Error(availability.reason);
    return availability.state === "ready" || undefined;
  });
  const others = familyOf(process.pid).filter((pid) => pid !== process.pid);
  const ports = others.flatMap(listeningPorts);
  expect(ports).toHaveLength(1);
  const url = `http://127.0.0.1:${String(ports[0])}/v2/models/classification/infer`;
  const stranger = await fetch(url, { method: "POST" });
  expect(stranger.status).toBe(401);
});
