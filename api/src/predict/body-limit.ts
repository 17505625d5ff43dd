import type { Bundle } from "../bundle/read-bundles";
import { Problem } from "../problems";

const MB = 1024 * 1024;

/** The largest body that is taken, and what allows a larger one. */
export interface BodyLimit {
  readonly bytes: number;
  readonly raise: string;
}

/** A bundle's own limit, which may be smaller than the setting's and never larger. */
export function bodyLimitOf({ manifest }: Pick<Bundle, "manifest">, settingBytes: number): BodyLimit {
  const own = (manifest.limits.body_mb ?? Infinity) * MB;
  return own < settingBytes
    ? { bytes: own, raise: "limits.body_mb in model.yaml" }
    : { bytes: settingBytes, raise: "BODY_LIMIT_MB" };
}

/** What is left of the body is not read: the connection cannot be used again. */
export const bodyTooLarge = ({ bytes, raise }: BodyLimit): Problem =>
  new Problem("body-too-large", {
    detail: `The body is larger than ${Math.floor(bytes / MB)} MB. Send fewer rows in a call, or raise ${raise}.`,
    headers: { connection: "close" },
  });
