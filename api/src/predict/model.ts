import type { Contract, RequestContract, ResponseContract, RouteContract } from "../bundle/contract";
import type { Pinned } from "../bundle/description";
import type { Bundle } from "../bundle/read-bundles";
import type { SidecarMetadata } from "../bundle/sidecar-metadata";
import type { Problem } from "../problems";
import type { Predictor } from "./predictor";
import { contractShape, nativeShape, type ResponseShape } from "./shape-response";
import { imputedCells } from "../rows/imputed";
import { createRowValidator, type RowValidator } from "../rows/validate-rows";

/** Whether a bundle can answer now, and if not, why not. */
export type Availability =
  | {
      readonly state: "preparing" | "starting" | "training" | "loading" | "proving" | "unreachable";
      readonly reason: string;
    }
  | { readonly state: "failed"; readonly reason: string }
  | {
      readonly state: "ready";
      readonly description: Pinned;
      readonly predictor: Predictor;
      readonly sidecar: SidecarMetadata;
    };

/** What a model is that can answer. */
export type ReadyModel = Extract<Availability, { state: "ready" }>;

/** A bundle as the data plane serves it: what never changes, and whether it can answer. */
export interface Model {
  readonly bundle: Bundle;
  readonly validate: RowValidator;
  /** Counts cells that held nothing; none where no input may. */
  readonly imputed?: ReturnType<typeof imputedCells>;
  /** Outputs that may be null. */
  readonly nullable: ReadonlySet<string>;
  availability: Availability;
}

export function createModel(bundle: Bundle): Model {
  const { manifest, inputs } = bundle;
  const nullable = Object.entries(manifest.outputs).filter(([, output]) => output.non_finite === null);
  return {
    bundle,
    imputed: imputedCells(inputs),
    validate: createRowValidator({ inputs, extra: manifest.extra, maxRows: manifest.limits.rows }),
    nullable: new Set(nullable.map(([name]) => name)),
    availability: { state: "starting", reason: "its sidecar has not been heard of yet" },
  };
}

/** One way to ask a model: the request's shape, the answer's, and its status. */
export interface PredictRoute {
  readonly request: RequestContract;
  readonly status: number;
  readonly shapeFor: (description: Pinned) => ResponseShape;
  /** The contract's; the native route has none. */
  readonly response?: ResponseContract;
  /** Stands in place of the problem for 400 and 422. */
  readonly errors?: Contract["errors"];
}

export const nativeRoute: PredictRoute = { request: { shape: "rows" }, status: 200, shapeFor: once(nativeShape) };

export function contractRoute({ request, response }: RouteContract, errors: Contract["errors"]): PredictRoute {
  const shapeFor = once((description) => contractShape(response, description));
  return { request, response, status: response.status, shapeFor, errors };
}

/** A contract's own error stands in place of the problem for 400 and 422 alone. */
export function ownErrorOf({ errors }: PredictRoute, problem: Problem): { status: number; body: string } | undefined {
  if (!errors || (problem.status !== 400 && problem.status !== 422)) return undefined;
  return { status: errors.status, body: JSON.stringify(errors.body) };
}

/** A shape is compiled when a description is first seen. */
function once(compile: (description: Pinned) => ResponseShape): (description: Pinned) => ResponseShape {
  const compiled = new WeakMap<Pinned, ResponseShape>();
  return (description) => {
    const known = compiled.get(description);
    if (known) return known;
    const shape = compile(description);
    compiled.set(description, shape);
    return shape;
  };
}
