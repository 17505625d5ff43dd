import { Gauge, type Registry } from "prom-client";

import type { Model } from "../predict/model";

type Aggregator = "sum" | "min" | "first";

/** What can be seen of the bundles at the moment of asking. */
export function availabilityGauges(registry: Registry, models: () => readonly Model[]): void {
  const gauge = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    aggregator: Aggregator,
    look: (gauge: Gauge<L>, model: Model) => void,
  ): void => {
    new Gauge<L>({
      ...{ name, help, labelNames, aggregator, registers: [registry] },
      collect() {
        this.reset();
        for (const model of models()) look(this, model);
      },
    });
  };
  gauge("picklepod_rows_waiting", "Rows that wait for a bundle.", ["model"], "sum", (waiting, model) => {
    const { availability, bundle } = model;
    waiting.set({ model: bundle.name }, availability.state === "ready" ? availability.predictor.rowsWaiting() : 0);
  });
  gauge(
    "picklepod_model_ready",
    "1 while a bundle can answer.",
    ["model"],
    "min",
    (ready, { availability, bundle }) => {
      ready.set({ model: bundle.name }, availability.state === "ready" ? 1 : 0);
    },
  );
  const proofHelp = "1 at what a bundle's proof says; none while it is not ready.";
  gauge("picklepod_model_proof", proofHelp, ["model", "proof"], "first", (proofs, { availability, bundle }) => {
    const found = availability.state === "ready" ? availability.sidecar.proof : null;
    proofs.set({ model: bundle.name, proof: found ?? "none" }, 1);
  });
  const infoHelp = "1; which version of a bundle is live.";
  gauge("picklepod_model_info", infoHelp, ["model", "version", "digest"], "first", (info, { availability, bundle }) => {
    const { digest } = availability.state === "ready" ? availability.description : bundle.json;
    info.set({ model: bundle.name, version: bundle.manifest.version, digest }, 1);
  });
}
