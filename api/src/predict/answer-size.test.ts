import type { Pinned } from "../bundle/description";
import { refuseLargeAnswer, writtenWhole } from "./answer-size";

const description = {
  outputs: [
    { name: "probability", from: "p", column: 1 },
    { name: "all", from: "p" },
    { name: "label", from: "l" },
  ],
  tensors: {
    p: { datatype: "FP64", columns: ["a", "b", "c"] },
    l: { datatype: "BYTES", columns: null },
  },
} as unknown as Pinned;

it("takes rows as long as their answer has 4 million values at most", () => {
  expect(() => {
    refuseLargeAnswer(800_000, description);
  }).not.toThrow();
});

it("refuses what has more, before it is computed, and names the way out", () => {
  expect(() => {
    refuseLargeAnswer(800_001, description);
  }).toThrow(
    "The answer would be 800001 rows of 5 values each. Send fewer rows in a call, or ask for a stream: accept: application/x-ndjson.",
  );
});

it("refuses a text that is longer than V8 holds, and leaves every other error as it is", async () => {
  await expect(writtenWhole(() => "x".repeat(2 ** 29))).rejects.toThrow(
    /^The answer would be a text longer than 512 MB\./,
  );
  await expect(writtenWhole(() => String(new Array(-1)))).rejects.toThrow("Invalid array length");
  expect(await writtenWhole(() => Promise.resolve("whole"))).toBe("whole");
});
