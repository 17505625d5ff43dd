import { z } from "zod";

/** What a sidecar says of a bundle: GET /v2/models/{name}. */
export const sidecarMetadataSchema = z.object({
  digest: z.string().nullable(),
  state: z.enum(["training", "loading", "proving", "ready", "stuck", "failed"]),
  reason: z.string().nullable(),
  proof: z.enum(["exact", "other-kernel", "failed"]).nullable(),
  fingerprint: z.string().nullable(),
  /** Per step: the block rule it is called under. */
  blocks: z.record(z.string(), z.string()).nullable(),
  /** Per step, in ulp: how far its bits are from the library on a row alone, and on one big call. */
  distances: z.record(z.string(), z.record(z.string(), z.number())).nullable(),
  python: z.string().nullable(),
  libraries: z.record(z.string(), z.string()).nullable(),
  /** What the sidecar's process has used so far. */
  process: z.object({ cpu_seconds: z.number(), memory_bytes: z.number() }).optional(),
});
export type SidecarMetadata = z.infer<typeof sidecarMetadataSchema>;
