import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { RouteContract } from "../bundle/contract";
import { BundleError } from "../bundle/finding";
import type { Manifest } from "../bundle/manifest";
import { type PredictRoute, contractRoute, nativeRoute } from "../predict/model";
import { readRequest, type RequestRows, rowFromQuery } from "../predict/read-request";
import { z } from "zod";

const columnsSchema = z.strictObject({
  numbers: z.array(z.array(z.number().nullable())),
  codes: z.array(z.array(z.int())),
  texts: z.array(z.array(z.string())),
});

/** One file of samples/: a request with what must come of it. `pin` fills in all but the request and its route. */
const sampleSchema = z.strictObject({
  /** `METHOD /path` of a contract route; without it, the native route. */
  route: z.string().optional(),
  request: z.json(),
  columns: columnsSchema.optional(),
  /** By fingerprint, then by output: the rows' values; null is nan. */
  outputs: z.record(z.string(), z.record(z.string(), z.array(z.json()))).optional(),
  status: z.int().optional(),
  response: z.json().optional(),
});
export type Sample = z.infer<typeof sampleSchema>;
export type SampleColumns = z.infer<typeof columnsSchema>;

/** Every hand-written sample of a bundle, by file name.
 * @throws BundleError */
export function readSamples(folder: string): Map<string, Sample> {
  const files = readdirSync(join(folder, "samples")).filter(
    (file) => file.endsWith(".json") && file !== "fingerprints.json",
  );
  return new Map(files.toSorted().map((file) => [file, readSample(join(folder, "samples", file))]));
}

function readSample(file: string): Sample {
  const parsed = sampleSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const message = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is not a sample"}`;
  throw new BundleError([{ file, message, remedy: 'A sample is {"route": "POST /predict", "request": …}' }]);
}

/** The route that a sample asks.
 * @throws BundleError where the contract has no such route */
export function sampleRoute(file: string, sample: Sample, { contract }: Manifest): PredictRoute {
  if (sample.route === undefined) return nativeRoute;
  const route = contract.routes.find(({ method, path }) => `${method} ${path}` === sample.route);
  if (route) return contractRoute(route, contract.errors);
  const known = contract.routes.map(({ method, path }: RouteContract) => `${method} ${path}`).join(", ");
  throw new BundleError([
    { file, message: `the contract has no route ${sample.route}`, remedy: `It has ${known || "none"}` },
  ]);
}

/** A sample's request as rows; a query string may be written as an object or as text.
 * @throws Problem */
export function sampleRequest(sample: Sample, route: PredictRoute): RequestRows {
  const { request } = sample;
  return readRequest(
    route.request,
    typeof request === "string" && route.request.shape === "query" ? rowFromQuery(request) : request,
  );
}
