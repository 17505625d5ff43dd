import { Counter, Gauge, type Registry } from "prom-client";

import type { Observer, SidecarProcess } from "../observer";

/** What has not been heard of for so long is gone. */
const FORGOTTEN_AFTER_MS = 10_000;

interface Heard {
  readonly model: string;
  readonly sidecar: number;
  readonly used: SidecarProcess;
  readonly at: number;
}

/**
 * What the sidecars' processes use, as they say themselves when they are asked how they are: so it is known wherever they
 * run. A process that serves several bundles is one series, named for all of them.
 */
export function sidecarProcesses(registry: Registry): Observer["measured"] {
  const heard = new Map<string, Heard>();
  const shared = { labelNames: ["sidecar"] as const, registers: [registry], aggregator: "max" as const };
  new Counter({
    ...shared,
    name: "picklepod_sidecar_cpu_seconds_total",
    help: "CPU time that a sidecar's process has used since it started.",
    collect() {
      this.reset();
      for (const [sidecar, { cpuSeconds }] of processes(heard)) this.inc({ sidecar }, cpuSeconds);
    },
  });
  new Gauge({
    ...shared,
    name: "picklepod_sidecar_memory_bytes",
    help: "Memory that a sidecar's process holds.",
    collect() {
      this.reset();
      for (const [sidecar, { memoryBytes }] of processes(heard)) this.set({ sidecar }, memoryBytes);
    },
  });
  return (model, sidecar, used) => {
    heard.set(`${model}#${sidecar}`, { model, sidecar, used, at: performance.now() });
  };
}

/** By the name of the process: its bundles, and its number where there are several. */
function processes(heard: ReadonlyMap<string, Heard>): Map<string, SidecarProcess> {
  const since = performance.now() - FORGOTTEN_AFTER_MS;
  const recent = [...heard.values()].filter(({ at }) => at >= since);
  return new Map(
    [...new Set(recent.map(({ used }) => used.url))].flatMap((url) => {
      const here = recent.filter(({ used }) => used.url === url);
      const [one] = here;
      const names = here.map(({ model }) => model).toSorted((a, b) => (a < b ? -1 : 1));
      return one ? [[`${[...new Set(names)].join("+")}#${one.sidecar}`, one.used] as const] : [];
    }),
  );
}
