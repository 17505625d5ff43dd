import { Counter, type Registry } from "prom-client";

import type { ShedReason, Stage } from "../observer";
import { Histogram } from "./histogram";

type Observe = (value: number) => void;

/** What is measured of every prediction of one bundle, ready to be added to. */
export interface ModelSeries {
  readonly requestSeconds: Observe;
  readonly stageSeconds: Readonly<Record<Stage | "queue" | "call", Observe>>;
  readonly batchRows: Observe;
  readonly batchCalls: Observe;
}

const SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const COUNTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const SHED_REASONS: readonly ShedReason[] = ["work", "delay", "rows", "streams", "breaker", "rate", "key"];

/** The series of each bundle, made when it is first spoken of: from then on none of its counts is absent. */
export function modelSeries(registry: Registry, shed: Counter<"model" | "reason">): (model: string) => ModelSeries {
  const histogram = (name: string, help: string, bounds: readonly number[]): Histogram => {
    const made = new Histogram(name, help, bounds);
    registry.registerMetric(made as unknown as Counter); // prom-client asks no more of a metric than what this one has
    return made;
  };
  const requests = histogram("picklepod_request_seconds", "From a prediction's request to its answer.", SECONDS);
  const stages = histogram("picklepod_stage_seconds", "What a prediction's time went to.", SECONDS);
  const batchRows = histogram("picklepod_batch_rows", "Rows in one call of a sidecar.", COUNTS);
  const batchCalls = histogram("picklepod_batch_calls", "Calls, or parts of one, that a batch was made of.", COUNTS);
  const known = new Map<string, ModelSeries>();
  const make = (model: string): ModelSeries => {
    const stage = (name: string): Observe => stages.seriesOf({ model, stage: name });
    for (const reason of SHED_REASONS) shed.inc({ model, reason }, 0);
    return {
      requestSeconds: requests.seriesOf({ model }),
      stageSeconds: {
        ...{ read: stage("read"), validate: stage("validate"), queue: stage("queue") },
        ...{ call: stage("call"), shape: stage("shape") },
      },
      batchRows: batchRows.seriesOf({ model }),
      batchCalls: batchCalls.seriesOf({ model }),
    };
  };
  return (model) => {
    const series = known.get(model) ?? make(model);
    known.set(model, series);
    return series;
  };
}
