import type { Registry } from "prom-client";

export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

/** Everything that was counted, as Prometheus reads it. */
export type TellMetrics = () => Promise<MetricsText>;

/** Of this process alone. */
export const ownMetrics =
  (registry: Registry): TellMetrics =>
  async () => ({ contentType: registry.contentType, text: await registry.metrics() });
