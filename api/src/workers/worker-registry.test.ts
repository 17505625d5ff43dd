import { AggregatorRegistry, Counter, Gauge } from "prom-client";

import { WorkerRegistry } from "./worker-registry";

/** What a worker of this number counts: five calls, and a sidecar that all of them see. */
async function counted(number: number): Promise<object[]> {
  const registry = new WorkerRegistry(number);
  const calls = new Counter({ name: "calls_total", help: "Calls.", labelNames: ["model"], registers: [registry] });
  const memory = new Gauge({ name: "memory_bytes", help: "Memory.", registers: [registry], aggregator: "max" });
  calls.inc({ model: "a" }, 5);
  memory.set(7);
  return registry.getMetricsAsJSON();
}

it("what is added up stands under each worker's number; what each sees alike is one", async () => {
  const metrics = await Promise.all([0, 1].map(counted));
  const text = await AggregatorRegistry.aggregate(metrics).metrics();
  expect(text.split("\n").filter((line) => /^\w+[{ ]/.test(line) && !line.startsWith("#"))).toEqual([
    'calls_total{model="a",worker="0"} 5',
    'calls_total{model="a",worker="1"} 5',
    "memory_bytes 7",
  ]);
});
