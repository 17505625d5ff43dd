import { mostReplyBytes } from "./reply-size";

it("a reply has its header, and a cell of its type for each row, column and output", () => {
  const description = {
    outputs: [
      { name: "p", from: "p" },
      { name: "one", from: "p", column: 1 },
      { name: "flag", from: "flag" },
    ],
    tensors: {
      p: { datatype: "FP64" as const, columns: ["no", "yes", "perhaps"] },
      flag: { datatype: "BOOL" as const, columns: null },
    },
  };
  expect(mostReplyBytes(description, 10)).toBe(64 * 1024 + 10 * (3 * 8 + 8 + 1));
});

it("texts may be long, but are not endless", () => {
  const description = {
    outputs: [{ name: "t", from: "t" }],
    tensors: { t: { datatype: "BYTES" as const, columns: null } },
  };
  expect(mostReplyBytes(description, 2)).toBe((64 + 2 * 16) * 1024);
});
