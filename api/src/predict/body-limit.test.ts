import type { Bundle } from "../bundle/read-bundles";
import { bodyLimitOf, bodyTooLarge } from "./body-limit";

const MB = 1024 * 1024;
const bundle = (body_mb?: number) => ({ manifest: { limits: { rows: 1, block: 32, body_mb } } }) as unknown as Bundle;

it.each([
  [undefined, 32, 32, "BODY_LIMIT_MB"],
  [4, 32, 4, "limits.body_mb in model.yaml"],
  [64, 32, 32, "BODY_LIMIT_MB"],
  [32, 32, 32, "BODY_LIMIT_MB"],
])("a bundle's %s MB within the setting's %i are %i, which %s would raise", (own, setting, mb, raise) => {
  const limit = bodyLimitOf(bundle(own), setting * MB);
  expect(limit).toEqual({ bytes: mb * MB, raise });
  expect(bodyTooLarge(limit).message).toBe(
    `The body is larger than ${mb} MB. Send fewer rows in a call, or raise ${raise}.`,
  );
});
