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
    forget(heard);
    heard.set(`${model} ${used.url}`, { model, sidecar, used, at: performance.now() });
  };
}

function forget(heard: Map<string, Heard>): void {
  const since = performance.now() - FORGOTTEN_AFTER_MS;
  for (const [key, { at }] of heard) if (at < since) heard.delete(key);
}

/**
 * By the name of the process: its bundles, and its number where there are several. While a bundle is exchanged there are two
 * of a name: the one that was there first, until it is gone, so that what only goes up goes back but once.
 */
function processes(heard: Map<string, Heard>): Map<string, SidecarProcess> {
  forget(heard);
  const byUrl = new Map<string, Heard[]>();
  for (const one of heard.values()) byUrl.set(one.used.url, [...(byUrl.get(one.used.url) ?? []), one]);
  const named = new Map<string, SidecarProcess>();
  for (const here of byUrl.values()) {
    const names = here.map(({ model }) => model).toSorted((a, b) => (a < b ? -1 : 1));
    const name = `${names.join("+")}#${String(here[0]?.sidecar)}`;
    const used = here[0]?.used;
    if (used && !named.has(name)) named.set(name, used);
  }
  return named;
}
