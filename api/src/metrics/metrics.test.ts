import type { Model } from "../predict/model";
import { Problem } from "../problems";
import { createMetrics } from "./metrics";

const answer = { requestId: "mine", model: "churn", rows: 3, ms: 2.5 };

/** What a registry says of ours, without comments, buckets and what is zero. */
async function told({ registry }: ReturnType<typeof createMetrics>): Promise<string[]> {
  const lines = (await registry.metrics()).split("\n");
  return lines.filter((line) => line.startsWith("picklepod_") && !line.includes("_bucket") && !line.endsWith(" 0"));
}

describe("what is told is counted", () => {
  it("an answer, by its bundle, status and problem, with its rows and time", async () => {
    const churn = { bundle: { name: "churn", manifest: {}, json: {} }, availability: {} } as unknown as Model;
    const metrics = createMetrics(() => [churn]);
    metrics.observer.answered({ ...answer, status: 200 });
    metrics.observer.answered({ ...answer, status: 200 });
    const problem = new Problem("invalid-rows", { detail: "no" });
    metrics.observer.answered({ ...answer, status: 400, problem });
    metrics.observer.answered({ ...answer, model: "made up", rows: 0, status: 401, problem });
    metrics.observer.answered({ requestId: "mine", model: "churn", rows: 0, status: 429, problem }); // at the door
    metrics.observer.answered({
      ...answer,
      model: "",
      rows: 0,
      status: 404,
      problem: new Problem("not-found", { detail: "no" }),
    });
    const lines = (await told(metrics)).filter((line) => /request|rows_total/.test(line));
    expect(lines).toEqual([
      'picklepod_requests_total{model="churn",status="200",problem=""} 2',
      'picklepod_requests_total{model="churn",status="400",problem="invalid-rows"} 1',
      'picklepod_requests_total{model="",status="401",problem="invalid-rows"} 1',
      'picklepod_requests_total{model="churn",status="429",problem="invalid-rows"} 1',
      'picklepod_requests_total{model="",status="404",problem="not-found"} 1',
      'picklepod_rows_total{model="churn",status="200"} 6',
      'picklepod_rows_total{model="churn",status="400"} 3',
      'picklepod_request_seconds_sum{model="churn"} 0.0075',
      'picklepod_request_seconds_count{model="churn"} 3',
    ]);
  });

  it("what was shed for a bundle that is not served under no name, so that callers make no series", async () => {
    const churn = { bundle: { name: "churn", manifest: {}, json: {} }, availability: {} } as unknown as Model;
    const metrics = createMetrics(() => [churn]);
    for (const name of ["churn", "xyz", "abc"]) metrics.observer.shed(name, "key");
    expect((await told(metrics)).filter((line) => line.includes("shed"))).toEqual([
      'picklepod_shed_total{model="churn",reason="key"} 1',
      'picklepod_shed_total{model="",reason="key"} 2',
    ]);
  });

  it("stages, batches and failed calls", async () => {
    const metrics = createMetrics(() => []);
    const { observer } = metrics;
    observer.timed("churn", "read", 1);
    observer.timed("churn", "validate", 2);
    observer.timed("churn", "shape", 3);
    observer.queued("churn", 4);
    observer.batched("churn", 20, 2, 5);
    observer.callFailed("churn", "timeout");
    expect(await told(metrics)).toEqual([
      'picklepod_call_failures_total{model="churn",failure="timeout"} 1',
      ...["read 0.001", "validate 0.002", "queue 0.004", "call 0.005", "shape 0.003"].flatMap((stage) => {
        const [name, seconds] = stage.split(" ") as [string, string];
        return [
          `picklepod_stage_seconds_sum{model="churn",stage="${name}"} ${seconds}`,
          `picklepod_stage_seconds_count{model="churn",stage="${name}"} 1`,
        ];
      }),
      'picklepod_batch_rows_sum{model="churn"} 20',
      'picklepod_batch_rows_count{model="churn"} 1',
      'picklepod_batch_calls_sum{model="churn"} 2',
      'picklepod_batch_calls_count{model="churn"} 1',
    ]);
  });

  it("unknown categories and imputed cells, by input", async () => {
    const metrics = createMetrics(() => []);
    metrics.observer.unknownCategories("churn", new Map([["country", 2]]));
    metrics.observer.imputed("churn", new Map([["age", 3]]));
    metrics.observer.imputed("churn", new Map([["age", 4]]));
    expect(await told(metrics)).toEqual([
      'picklepod_unknown_categories_total{model="churn",input="country"} 2',
      'picklepod_imputed_total{model="churn",input="age"} 7',
    ]);
  });

  it("the inputs behind the first thousand together, so that a wide bundle is no flood of series", async () => {
    const metrics = createMetrics(() => []);
    const wide = Array.from({ length: 1_200 }, (_, i) => [`x${i}`, 1] as const);
    metrics.observer.imputed("wide", new Map(wide));
    metrics.observer.imputed("wide", new Map(wide));
    const lines = await told(metrics);
    expect(lines).toHaveLength(1_001);
    expect(lines.at(-1)).toBe('picklepod_imputed_total{model="wide",input="(others)"} 400');
    expect(lines).toContain('picklepod_imputed_total{model="wide",input="x999"} 2');
  });

  it("how sidecars and bundles fare", async () => {
    const metrics = createMetrics(() => []);
    const { observer } = metrics;
    for (const state of ["open", "half-open", "closed", "open"] as const) observer.breaker("churn", 0, state);
    observer.restarted("churn", "it was ended by SIGKILL");
    observer.swapped("churn", "live");
    observer.swapped("churn", "refused");
    expect(await told(metrics)).toEqual([
      'picklepod_breaker_state{model="churn",sidecar="0"} 2',
      'picklepod_breaker_transitions_total{model="churn",sidecar="0",state="open"} 2',
      'picklepod_breaker_transitions_total{model="churn",sidecar="0",state="half-open"} 1',
      'picklepod_breaker_transitions_total{model="churn",sidecar="0",state="closed"} 1',
      'picklepod_sidecar_restarts_total{model="churn"} 1',
      'picklepod_swaps_total{model="churn",outcome="live"} 1',
      'picklepod_swaps_total{model="churn",outcome="refused"} 1',
    ]);
  });
});

describe("a sidecar's process", () => {
  it("that serves two bundles is one series, named for both, with what it said last", async () => {
    const metrics = createMetrics(() => []);
    const used = { url: "http://127.0.0.1:9101", cpuSeconds: 1.5, memoryBytes: 1_000 };
    metrics.observer.measured("flights", 0, used);
    metrics.observer.measured("churn", 0, used);
    metrics.observer.measured("flights", 0, { ...used, cpuSeconds: 2, memoryBytes: 3_000 });
    metrics.observer.measured("churn", 0, { ...used, cpuSeconds: 2, memoryBytes: 3_000 });
    metrics.observer.measured("churn", 1, { url: "http://127.0.0.1:9102", cpuSeconds: 7, memoryBytes: 8 });
    expect(await told(metrics)).toEqual([
      'picklepod_sidecar_cpu_seconds_total{sidecar="churn+flights#0"} 2',
      'picklepod_sidecar_cpu_seconds_total{sidecar="churn#1"} 7',
      'picklepod_sidecar_memory_bytes{sidecar="churn+flights#0"} 3000',
      'picklepod_sidecar_memory_bytes{sidecar="churn#1"} 8',
    ]);
  });
});

it("of two processes of a name, as while a bundle is exchanged, the first is told until it is gone", async () => {
  const now = jest.spyOn(performance, "now").mockReturnValue(0);
  const metrics = createMetrics(() => []);
  const [old, next] = [
    { url: "http://127.0.0.1:9101", cpuSeconds: 500, memoryBytes: 9 },
    { url: "http://127.0.0.1:9102", cpuSeconds: 2, memoryBytes: 7 },
  ];
  for (const used of [old, next, old, next]) metrics.observer.measured("churn", 0, used);
  expect((await told(metrics))[0]).toBe('picklepod_sidecar_cpu_seconds_total{sidecar="churn#0"} 500');
  now.mockReturnValue(9_000);
  metrics.observer.measured("churn", 0, next);
  now.mockReturnValue(11_000);
  expect(await told(metrics)).toEqual([
    'picklepod_sidecar_cpu_seconds_total{sidecar="churn#0"} 2',
    'picklepod_sidecar_memory_bytes{sidecar="churn#0"} 7',
  ]);
  now.mockRestore();
});

describe("the bundles at the moment of asking", () => {
  const bundle = { name: "churn", manifest: { version: "2" }, json: { digest: "d1" } };
  const ready = {
    state: "ready",
    description: { digest: "d2" },
    predictor: { rowsWaiting: () => 12 },
    sidecar: { proof: "exact" },
  };
  const model = (availability: object): Model => ({ bundle, availability }) as unknown as Model;

  it("one that is ready", async () => {
    expect(await told(createMetrics(() => [model(ready)]))).toEqual([
      'picklepod_rows_waiting{model="churn"} 12',
      'picklepod_model_ready{model="churn"} 1',
      'picklepod_model_proof{model="churn",proof="exact"} 1',
      'picklepod_model_info{model="churn",version="2",digest="d2"} 1',
    ]);
  });

  it("one that is not, and none of one that is gone", async () => {
    const models = [model({ state: "loading", reason: "" })];
    const metrics = createMetrics(() => models);
    expect(await told(metrics)).toEqual([
      'picklepod_model_proof{model="churn",proof="none"} 1',
      'picklepod_model_info{model="churn",version="2",digest="d1"} 1',
    ]);
    models.pop();
    expect(await told(metrics)).toEqual([]);
  });
});

it("every name is one that Prometheus' own check takes, and has a help and a unit", async () => {
  const metrics = createMetrics(() => []);
  metrics.observer.timed("churn", "read", 1);
  for (const { name, help, type } of (await metrics.registry.getMetricsAsJSON()) as unknown as Named[]) {
    if (!name.startsWith("picklepod_")) continue;
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(help).toMatch(/\.$/);
    expect([name, type === "counter"]).toEqual([name, name.endsWith("_total")]);
    expect(name).not.toMatch(/_(ms|milliseconds|kb|mb|count|sum|bucket|info_total)$/);
  }
});

interface Named {
  readonly name: string;
  readonly help: string;
  readonly type: string;
}
