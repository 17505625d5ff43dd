import type { RequestContract } from "../bundle/contract";
import type { Bundle } from "../bundle/read-bundles";
import { Problem } from "../problems";
import type { JsonBounds, ValueBounds } from "./json-size";

const MB = 1024 * 1024;

/** The largest body that is taken, and what allows a larger one, or the address that takes it. */
export type BodyLimit = { readonly bytes: number } & ({ readonly raise: string } | { readonly address: string });

type Shape = RequestContract["shape"];
type BundleLimits = Pick<Bundle, "name" | "manifest" | "inputs">;

/**
 * Keyed rows are parsed on the event loop, where everybody else waits meanwhile: of 6 MB, or of 50,000 values whose keys are
 * all different, 100 ms at a time. One row of very many inputs is taken all the same: nobody could send less of it.
 */
const KEYED_BYTES = 6 * MB;
const KEYED_VALUES = 50_000;
const BYTES_PER_INPUT = 128;

/** A bundle's own limit, which may be smaller than the setting's and never larger. */
export function bodyLimitOf({ manifest }: Pick<Bundle, "manifest">, settingBytes: number): BodyLimit {
  const own = (manifest.limits.body_mb ?? Infinity) * MB;
  return own < settingBytes
    ? { bytes: own, raise: "limits.body_mb in model.yaml" }
    : { bytes: settingBytes, raise: "BODY_LIMIT_MB" };
}

/** That, or what the shape of a route's request allows, where it is less. */
export function bodyLimitOfShape(shape: Shape, bundle: BundleLimits, settingBytes: number): BodyLimit {
  const limit = bodyLimitOf(bundle, settingBytes);
  const bytes = shape === "keyed" ? KEYED_BYTES + bundle.inputs.size * BYTES_PER_INPUT : Infinity;
  return bytes < limit.bytes ? { bytes, address: addressOf(bundle) } : limit;
}

/** Where a list of rows is read on another thread. */
const addressOf = ({ name }: Pick<Bundle, "name">): string => `/models/${name}/predictions`;

/** Rows hold no objects or lists: this many are a mistake that can still be told cell by cell. */
const MAX_CONTAINERS = 1_000_000;

/** What a body may hold that is parsed on the event loop. */
export function jsonBoundsOf(shape: Shape, bundle: BundleLimits): JsonBounds {
  const { rows } = bundle.manifest.limits;
  const inputs = bundle.inputs.size;
  return shape === "keyed"
    ? {
        rows,
        rowDepth: 2,
        containers: MAX_CONTAINERS,
        values: { most: KEYED_VALUES + inputs, inputs, address: addressOf(bundle) },
      }
    : { rows, rowDepth: 1, containers: MAX_CONTAINERS };
}

/** What is left of the body is not read: the connection cannot be used again. */
export function bodyTooLarge(limit: BodyLimit): Problem {
  const instead = "raise" in limit ? `raise ${limit.raise}` : asList(limit.address);
  return new Problem("body-too-large", {
    detail: `The body is larger than ${Math.floor(limit.bytes / MB)} MB. Send fewer rows in a call, or ${instead}.`,
    headers: { connection: "close" },
  });
}

export function tooManyValues({ most, address }: ValueBounds): Problem {
  const detail = `The call has more than ${most} values, counting every input of every row. Send fewer rows in a call, or ${asList(address)}.`;
  return new Problem("body-too-large", { detail });
}

const asList = (address: string): string => `send them as a list to ${address}, which takes more`;
