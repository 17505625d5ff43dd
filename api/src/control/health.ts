import type { RequestHandler } from "express";

import type { Door } from "../access/door";
import type { Model } from "../predict/model";
import type { RefusedReload } from "./reload-route";

/** The event loop answers: never asks a sidecar. */
export const livez: RequestHandler = (_request, response) => {
  response.json({ live: true });
};

export interface Readiness {
  readonly models: readonly Model[];
  /** Selected bundles that could not even be read, and why. */
  readonly refused: ReadonlyMap<string, string>;
  readonly refusedDefault: string | undefined;
  /** By name: why what was last read of a bundle does not take the place of the one that serves. */
  readonly refusedReloads?: ReadonlyMap<string, RefusedReload>;
  readonly isDraining: () => boolean;
  /** Of several processes that share the port, a call may come to any: whether each has been ready. */
  readonly areAllReady?: () => boolean;
  readonly door?: Pick<Door, "demandsKeys"> | undefined;
}

/** Outlives the set of bundles that a handler was made for. */
const provedOnce = new WeakSet<Model>();

function isSettled(model: Model): boolean {
  if (model.availability.state === "ready") provedOnce.add(model);
  return provedOnce.has(model) || model.availability.state === "failed";
}

/** Of this process: the default bundle is proved, and each other one has been proved once or has failed; not while draining. */
export function isReady({ models, refusedDefault, isDraining }: Omit<Readiness, "refused">): boolean {
  const settled = models.filter(isSettled);
  return (
    !isDraining() &&
    refusedDefault === undefined &&
    models[0]?.availability.state === "ready" &&
    settled.length === models.length
  );
}

/** 200 while this process is ready, and each other that shares the port has been. */
export function readyz(readiness: Readiness): RequestHandler {
  const { models, refused, isDraining, areAllReady = () => true, door } = readiness;
  // reasons name files and lines, and quote what a sidecar or an installation said: with keys, GET /models has them
  const told = door?.demandsKeys === true ? withoutReason : <T>(state: T): T => state;
  return (_request, response) => {
    const ready = isReady(readiness) && areAllReady();
    const states = models.map((model) => [model.bundle.name, told(stateOf(model))] as const);
    const unread = [...refused].map(([name, reason]) => [name, told({ state: "failed", reason })] as const);
    response.status(ready ? 200 : 503).json({
      ready,
      ...(isDraining() && { draining: true }),
      ...(!areAllReady() && { all_processes: false }),
      models: Object.fromEntries([...states, ...unread]),
    });
  };
}

const withoutReason = ({ reason: _, ...state }: Record<string, unknown>): Record<string, unknown> => state;

export function stateOf({ availability }: Model): Record<string, unknown> {
  if (availability.state !== "ready") return { state: availability.state, reason: availability.reason };
  return { state: "ready", proof: availability.sidecar.proof };
}
