import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";

import type { BreakerState, Observer } from "../observer";
import type { Model } from "../predict/model";
import { availabilityGauges } from "./availability-gauges";
import { boundedInputs } from "./bounded-inputs";
import { modelSeries } from "./model-series";
import { sidecarProcesses } from "./sidecar-processes";

export interface Metrics {
  /** What is told here is counted. */
  readonly observer: Observer;
  readonly registry: Registry;
}

const BREAKER_VALUES: Readonly<Record<BreakerState, number>> = { closed: 0, "half-open": 1, open: 2 };

/**
 * Everything that is counted in this process. Labels are bounded: bundles, their inputs (the first thousand), statuses and
 * the names of problems. Where several processes are one API, an aggregator says how theirs become one number.
 */
export function createMetrics(models: () => readonly Model[], registry = new Registry()): Metrics {
  collectDefaultMetrics({ register: registry });
  availabilityGauges(registry, models);
  return { registry, observer: countingObserver(registry, servedNames(models)) };
}

/** A caller may name any bundle: one that never was served is none. */
function servedNames(models: () => readonly Model[]): (name: string) => string {
  const known = new Set<string>();
  return (name) => {
    if (!known.has(name)) for (const { bundle } of models()) known.add(bundle.name);
    return known.has(name) ? name : "";
  };
}

function countingObserver(registry: Registry, served: (name: string) => string): Observer {
  const counter = <L extends string>(name: string, help: string, labelNames: L[]): Counter<L> =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const requests = counter(
    "picklepod_requests_total",
    "Predictions asked for and problems answered; problem is empty where there was none.",
    ["model", "status", "problem"],
  );
  const rows = counter("picklepod_rows_total", "Rows of these requests that were read.", ["model", "status"]);
  const shed = counter("picklepod_shed_total", "Calls turned away before anything was computed.", ["model", "reason"]);
  const callFailures = counter("picklepod_call_failures_total", "Calls of a sidecar that brought no predictions.", [
    ...(["model", "failure"] as const),
  ]);
  const series = modelSeries(registry, shed);
  return {
    hearsImputed: true,
    answered: ({ model: named, status, rows: count, ms, problem }) => {
      const model = problem ? served(named) : named;
      const text = String(status);
      requests.inc({ model, status: text, problem: problem?.problemName ?? "" });
      if (count > 0) rows.inc({ model, status: text }, count);
      if (model !== "" && ms !== undefined) series(model).requestSeconds(ms / 1000);
    },
    timed: (model, stage, ms) => {
      series(model).stageSeconds[stage](ms / 1000);
    },
    queued: (model, ms) => {
      series(model).stageSeconds.queue(ms / 1000);
    },
    batched: (model, rowCount, calls, ms) => {
      const { stageSeconds, batchRows, batchCalls } = series(model);
      stageSeconds.call(ms / 1000);
      batchRows(rowCount);
      batchCalls(calls);
    },
    callFailed: (model, failure) => {
      callFailures.inc({ model, failure });
    },
    shed: (model, reason) => {
      shed.inc({ model: served(model), reason });
    },
    ...inputCounters(registry),
    ...sidecarCounters(registry),
  };
}

/** What callers' cells were, by input. */
function inputCounters(registry: Registry): Pick<Observer, "unknownCategories" | "imputed"> {
  const labelNames = ["model", "input"] as const;
  const unknown = new Counter({
    name: "picklepod_unknown_categories_total",
    help: "Cells that held a category which the bundle does not know and lets pass.",
    labelNames,
    registers: [registry],
  });
  const imputed = new Counter({
    name: "picklepod_imputed_total",
    help: "Cells that held nothing, for which the manifest lets nan or zeros stand in.",
    labelNames,
    registers: [registry],
  });
  return { unknownCategories: boundedInputs(unknown), imputed: boundedInputs(imputed) };
}

/**
 * How the sidecars fare. The workers of one API all hear of the same ends, so that the most of theirs is the number; of an
 * exchange one alone is told.
 */
function sidecarCounters(registry: Registry): Pick<Observer, "breaker" | "restarted" | "measured" | "swapped"> {
  const registers = [registry];
  const breaker = new Gauge({
    ...{ name: "picklepod_breaker_state", help: "0 closed, 1 half-open, 2 open: nothing is sent there." },
    ...{ labelNames: ["model", "sidecar"] as const, registers, aggregator: "max" as const },
  });
  const transitions = new Counter({
    ...{ name: "picklepod_breaker_transitions_total", help: "How often a sidecar's breaker became this." },
    ...{ labelNames: ["model", "sidecar", "state"] as const, registers },
  });
  const restarts = new Counter({
    ...{ name: "picklepod_sidecar_restarts_total", help: "How often a bundle's sidecar ended by itself." },
    ...{ labelNames: ["model"] as const, registers, aggregator: "max" as const },
  });
  const swaps = new Counter({
    ...{ name: "picklepod_swaps_total", help: "Changed bundles that went live, or were refused." },
    ...{ labelNames: ["model", "outcome"] as const, registers },
  });
  return {
    breaker: (model, sidecar, state) => {
      breaker.set({ model, sidecar: String(sidecar) }, BREAKER_VALUES[state]);
      transitions.inc({ model, sidecar: String(sidecar), state });
    },
    restarted: (model) => {
      restarts.inc({ model });
    },
    swapped: (model, outcome) => {
      swaps.inc({ model, outcome });
    },
    measured: sidecarProcesses(registry),
  };
}
