import type { Bundle } from "../bundle/read-bundles";
import { bodyLimitOf, bodyLimitOfShape, bodyTooLarge, jsonBoundsOf, tooManyValues } from "./body-limit";

const MB = 1024 * 1024;
const bundle = (body_mb?: number, inputs = 3_000) =>
  ({
    name: "mine",
    inputs: { size: inputs },
    manifest: { limits: { rows: 7, block: 32, body_mb } },
  }) as unknown as Bundle;

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

describe("keyed rows, which are parsed on the event loop", () => {
  it.each([
    [
      undefined,
      3_000,
      "6 MB. Send fewer rows in a call, or send them as a list to /models/mine/predictions, which takes more",
    ],
    [1, 3_000, "1 MB. Send fewer rows in a call, or raise limits.body_mb in model.yaml"],
    [undefined, 500_000, "32 MB. Send fewer rows in a call, or raise BODY_LIMIT_MB"], // a row of so many may be as large
  ])("of a bundle that takes %s MB and has %i inputs may be at most %s", (own, inputs, detail) => {
    const limit = bodyLimitOfShape("keyed", bundle(own, inputs), 32 * MB);
    expect(bodyTooLarge(limit).message).toBe(`The body is larger than ${detail}.`);
  });

  it("are those of no other shape", () => {
    expect(bodyLimitOfShape("rows", bundle(), 32 * MB)).toEqual({ bytes: 32 * MB, raise: "BODY_LIMIT_MB" });
  });

  it("may hold so many values, while the bytes of other rows bound theirs", () => {
    const { values, ...rest } = jsonBoundsOf("keyed", bundle());
    expect(rest).toEqual({ rows: 7, rowDepth: 2, containers: 1_000_000 });
    expect(values).toEqual({ most: 53_000, inputs: 3_000, address: "/models/mine/predictions" });
    expect(jsonBoundsOf("rows", bundle())).toEqual({ rows: 7, rowDepth: 1, containers: 1_000_000 });
    expect(values && tooManyValues(values).message).toBe(
      "The call has more than 53000 values, counting every input of every row. " +
        "Send fewer rows in a call, or send them as a list to /models/mine/predictions, which takes more.",
    );
  });
});
