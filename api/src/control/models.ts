import type { RequestHandler } from "express";

import type { SidecarMetadata } from "../bundle/sidecar-metadata";
import type { Model } from "../predict/model";
import { Problem } from "../problems";
import { type Readiness, stateOf } from "./health";

/** GET /models: what is served, in a line each. */
export function listModels({ models, refused, refusedDefault, refusedReloads }: Readiness): RequestHandler {
  const unread = [...refused].map(([name, reason]) => ({
    name,
    state: "failed",
    reason,
    default: name === refusedDefault,
  }));
  return (_request, response) => {
    const read = models.map((model, i) => ({
      ...summary(model, refusedReloads),
      default: i === 0 && refusedDefault === undefined,
    }));
    response.json({ models: [...read, ...unread] });
  };
}

function summary(model: Model, refusedReloads: Readiness["refusedReloads"]): Record<string, unknown> {
  const { name, manifest } = model.bundle;
  const refused = refusedReloads?.get(name);
  return {
    ...{ name, version: manifest.version, description: manifest.description ?? null, ...stateOf(model) },
    ...(refused && { refused_reload: refused }),
  };
}

/** GET /models/{name}: all that a caller needs to ask it, and all that is known of the answers. */
export function showModel(
  find: (name: string) => Model | undefined,
  { refused, refusedReloads }: Pick<Readiness, "refused" | "refusedReloads">,
): RequestHandler<{ model: string }> {
  return (request, response) => {
    const model = find(request.params.model);
    if (!model) throw notServed(request.params.model, refused);
    response.json({ ...summary(model, refusedReloads), ...asked(model), ...known(model) });
  };
}

/** What a model is called in an address: `<name>` or `<name>@<version>`. */
export function addressesOf({ bundle: { name, manifest } }: Model): string[] {
  return [name, `${name}@${manifest.version}`];
}

/** An address to its model. */
export function findModel(models: readonly Model[]): (address: string) => Model | undefined {
  const byAddress = new Map(models.flatMap((model) => addressesOf(model).map((address) => [address, model] as const)));
  return (address) => byAddress.get(address);
}

/** A name that no served model has: one that was selected and refused is unavailable, any other is not there. */
export function notServed(name: string, refused: ReadonlyMap<string, string>): Problem {
  const reason = refused.get(name);
  return reason === undefined ? noSuchModel(name) : refusedBundle(name, reason);
}

const refusedBundle = (name: string, reason: string): Problem =>
  new Problem("unavailable", { detail: `${name} does not serve: ${reason}`, headers: { "retry-after": "60" } });

export const noSuchModel = (name: string): Problem =>
  new Problem("not-found", {
    detail: `There is no model ${name.slice(0, 100)} here; GET /models lists those there are.`,
  });

function asked({ bundle: { inputs, manifest } }: Model): Record<string, unknown> {
  return {
    inputs: [...inputs].map(([name, input]) => ({ name, ...input })),
    extra: manifest.extra,
    limits: manifest.limits,
    routes: manifest.contract.routes.map(({ method, path }) => `${method} ${path}`),
  };
}

function known({ availability, bundle: { json } }: Model): Record<string, unknown> {
  const description = availability.state === "ready" ? availability.description : json;
  const { tensors } = description;
  const outputs = description.outputs.map(({ name, from, column }) => {
    const tensor = tensors === "trained" ? undefined : tensors[from];
    return {
      name,
      datatype: tensor?.datatype ?? null,
      columns: column === undefined ? (tensor?.columns ?? null) : null,
    };
  });
  const { digest, python, lock } = description;
  const proof = availability.state === "ready" ? proofOf(availability.sidecar) : {};
  return { outputs, digest, environment: { python, libraries: lock.packages }, ...proof };
}

/** `python` is the exact one that runs, whose patch level is no part of the bundle. */
function proofOf({ fingerprint, blocks, distances, python }: SidecarMetadata): Record<string, unknown> {
  return { fingerprint, blocks, distances, running: { python } };
}
