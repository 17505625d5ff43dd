import * as prom from "prom-client";

import { Histogram } from "./histogram";

const BOUNDS = [0.001, 0.01, 0.1, 1];

it("says of any values what prom-client's own histogram says of them", async () => {
  const [ours, theirs] = [new prom.Registry(), new prom.Registry()];
  const own = new Histogram("call_seconds", "What calls took.", BOUNDS);
  ours.registerMetric(own as unknown as prom.Counter);
  const labelNames = ["model", "stage"];
  const known = new prom.Histogram({
    ...{ name: "call_seconds", help: "What calls took.", labelNames, buckets: BOUNDS, registers: [theirs] },
  });
  for (const [model, values] of Object.entries({ a: [0, 0.001, 0.0011, 5, 1, 0.5, 1e9], b: [0.01] })) {
    const observe = own.seriesOf({ model, stage: "read" });
    for (const value of values) {
      observe(value);
      known.observe({ model, stage: "read" }, value);
    }
  }
  expect(await ours.metrics()).toBe(await theirs.metrics());
});

it("says zero of a series that nothing was added to", () => {
  const histogram = new Histogram("batch_rows", "Rows.", [1, 2]);
  histogram.seriesOf({ model: "a" });
  expect(histogram.get().values).toEqual([
    { metricName: "batch_rows_bucket", labels: { le: 1, model: "a" }, value: 0 },
    { metricName: "batch_rows_bucket", labels: { le: 2, model: "a" }, value: 0 },
    { metricName: "batch_rows_bucket", labels: { le: "+Inf", model: "a" }, value: 0 },
    { metricName: "batch_rows_sum", labels: { model: "a" }, value: 0 },
    { metricName: "batch_rows_count", labels: { model: "a" }, value: 0 },
  ]);
});

it("is summed over the processes of one API, series by series", async () => {
  const of = async (values: readonly number[]): Promise<object[]> => {
    const registry = new prom.Registry();
    const histogram = new Histogram("batch_rows", "Rows.", [1, 2]);
    registry.registerMetric(histogram as unknown as prom.Counter);
    const observe = histogram.seriesOf({ model: "a" });
    for (const value of values) observe(value);
    return registry.getMetricsAsJSON();
  };
  const all = prom.AggregatorRegistry.aggregate([await of([1, 2]), await of([2, 7])]);
  expect((await all.metrics()).split("\n").slice(2)).toEqual([
    'batch_rows_bucket{le="1",model="a"} 1',
    'batch_rows_bucket{le="2",model="a"} 3',
    'batch_rows_bucket{le="+Inf",model="a"} 4',
    'batch_rows_sum{model="a"} 12',
    'batch_rows_count{model="a"} 4',
    "",
  ]);
});
