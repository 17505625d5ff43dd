import cluster, { type Worker } from "node:cluster";

import { AggregatorRegistry, Registry } from "prom-client";

import type { TellMetrics } from "../metrics/metrics-text";
import { Problem } from "../problems";

/** A worker asks the primary for what all workers have counted together, and is told. */
interface Asked {
  readonly kind: "metrics-asked";
  readonly asked: number;
}
interface Told {
  readonly kind: "metrics-told";
  readonly asked: number;
  readonly text: string | null;
}

const isOf = <M extends Asked | Told>(message: unknown, kind: M["kind"]): message is M =>
  typeof message === "object" && message !== null && "kind" in message && message.kind === kind;

/** In the primary, once: answers every worker that asks. */
export function tellWorkersOfAll(): void {
  const all = new AggregatorRegistry();
  cluster.on("message", (worker: Worker, message: unknown) => {
    if (!isOf<Asked>(message, "metrics-asked")) return;
    const tell = (text: string | null): void => {
      if (worker.isConnected()) worker.send({ kind: "metrics-told", asked: message.asked, text } satisfies Told);
    };
    all.clusterMetrics().then(tell, () => {
      tell(null);
    });
  });
}

/** In a worker. Its own registry is what the primary asks it for. */
export function metricsOfAll(registry: Registry): TellMetrics {
  new AggregatorRegistry(); // makes this process answer the primary
  AggregatorRegistry.setRegistries(registry);
  const waiting = new Map<number, (text: string | null) => void>();
  let asked = 0;
  process.on("message", (message: unknown) => {
    if (!isOf<Told>(message, "metrics-told")) return;
    waiting.get(message.asked)?.(message.text);
    waiting.delete(message.asked);
  });
  return async () => {
    const number = (asked += 1);
    const text = await new Promise<string | null>((resolve) => {
      waiting.set(number, resolve);
      process.send?.({ kind: "metrics-asked", asked: number } satisfies Asked);
    });
    if (text === null) throw notAllAnswered();
    return { contentType: Registry.PROMETHEUS_CONTENT_TYPE, text };
  };
}

/** A part of the counts would be taken for all of them. */
const notAllAnswered = (): Problem =>
  new Problem("unavailable", {
    detail: "Not every process of the API said within 5 s what it has counted. Ask again in some seconds.",
    headers: { "retry-after": "5" },
  });
