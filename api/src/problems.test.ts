import { asProblem, Problem, problemBody } from "./problems";

const fault = (i: number, length = 10): { detail: string; pointer: string } => ({
  detail: "x".repeat(length),
  pointer: `#/${i}`,
});
const faults = (count: number, length?: number) => Array.from({ length: count }, (_, i) => fault(i, length));

it("a problem has its members in the order a person reads them", () => {
  expect(
    problemBody(new Problem("invalid-rows", { detail: "Mend it.", faults: faults(1), faultCount: 3 }), "r-1"),
  ).toBe(
    '{"type":"urn:picklepod:problem:invalid-rows","title":"The rows are not what the model takes","status":422,' +
      '"detail":"Mend it.","instance":"urn:picklepod:request:r-1",' +
      '"errors":[{"detail":"xxxxxxxxxx","pointer":"#/0"}],"errors_not_listed":2}',
  );
});

it("a problem without faults has no list of them", () => {
  expect(JSON.parse(problemBody(new Problem("malformed", { detail: "d" }), "r"))).toEqual({
    type: "urn:picklepod:problem:malformed",
    title: "The request could not be read",
    status: 400,
    detail: "d",
    instance: "urn:picklepod:request:r",
  });
});

interface Listed {
  errors: unknown[];
  errors_not_listed?: number;
}

it.each([
  [100, 10, undefined, 100, undefined],
  [101, 10, undefined, 100, 1],
  [100, 10, 200_000, 100, 199_900],
  [100, 1_000, undefined, 50, 50],
  [100, 10_000, 250, 6, 244],
  [1, 70_000, undefined, 0, 1],
])(
  "%d faults of %d letters (of %s in all) are listed as %d, with %s not listed",
  (count, length, faultCount, listed, rest) => {
    const members = { detail: "d", faults: faults(count, length), ...(faultCount !== undefined && { faultCount }) };
    const body = problemBody(new Problem("invalid-rows", members), "r");
    const { errors, errors_not_listed } = JSON.parse(body) as Listed;
    expect([errors.length, errors_not_listed]).toEqual([listed, rest]);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(64 * 1024);
  },
);

it("64 KB are counted in bytes, not in letters", () => {
  const wide = Array.from({ length: 100 }, () => ({ detail: "€".repeat(300), pointer: "#" }));
  const body = problemBody(new Problem("invalid-rows", { detail: "d", faults: wide }), "r");
  expect((JSON.parse(body) as Listed).errors.length).toBe(50);
});

it("an error that is no problem tells the caller nothing of itself", () => {
  const known = new Problem("overloaded", { detail: "d" });
  expect(asProblem(known)).toBe(known);
  for (const defect of [new Error("secret /etc/passwd"), "secret", undefined]) {
    const problem = asProblem(defect);
    expect([problem.status, problem.message]).toEqual([
      500,
      "This is a defect of Picklepod. The log names it under the request's id.",
    ]);
  }
});

it("a problem takes no stack, and other errors keep theirs", () => {
  expect(new Problem("malformed", { detail: "x" }).stack).not.toMatch(/\n\s+at /);
  expect(new Error("y").stack).toMatch(/\n\s+at /);
});
