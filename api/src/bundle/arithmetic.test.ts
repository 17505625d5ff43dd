import { ExpressionFault, namesIn, parseExpression } from "./arithmetic";

const one = ["number", "1"];

it.each<[string, unknown]>([
  ["a", "a"],
  ["a / b", ["/", "a", "b"]],
  ["a + b - 1", ["-", ["+", "a", "b"], one]],
  ["(x - y) * 2", ["*", ["-", "x", "y"], ["number", "2"]]],
  ["a - b - c", ["-", ["-", "a", "b"], "c"]],
  ["a + b * c", ["+", "a", ["*", "b", "c"]]],
  ["a / b * c", ["*", ["/", "a", "b"], "c"]],
  ["-a ** 2", ["negative", ["**", "a", "2"]]],
  ["-a * b", ["*", ["negative", "a"], "b"]],
  ["a * -b", ["*", "a", ["negative", "b"]]],
  ["2 * a ** -3", ["*", ["number", "2"], ["**", "a", "-3"]]],
  ["(a ** 2) ** 3", ["**", ["**", "a", "2"], "3"]],
  ["--a", ["negative", ["negative", "a"]]],
  ["`Annual Income (k$)` / 1e3", ["/", "Annual Income (k$)", ["number", "1e3"]]],
  ["größe_1*.5", ["*", "größe_1", ["number", ".5"]]],
  ["weight/(height/100)**2", ["/", "weight", ["**", ["/", "height", ["number", "100"]], "2"]]],
  ["  a\n+ 1 ", ["+", "a", one]],
])("%j is read with Python's precedence", (text, expected) => {
  expect(parseExpression(text)).toEqual(expected);
});

it.each<[string, string]>([
  ["", "a name, a number, - or ( must stand there, at character 1 (the end)"],
  ["a +", "a name, a number, - or ( must stand there, at character 4 (the end)"],
  ["a b", "an operator must stand there, at character 3: b"],
  ["(a", "an operator or ) must stand there, at character 3 (the end)"],
  ["a)", "an operator must stand there, at character 2: )"],
  ["a % b", "cannot be read at character 3: % b"],
  ["log(a)", "an operator must stand there, at character 4: ("],
  ["a ** b", "a power is a whole number, at most 64, at character 6: b"],
  ["a ** 0.5", "a power is a whole number, at most 64, at character 6: 0.5"],
  ["a ** 65", "a power is a whole number, at most 64, at character 6: 65"],
  ["a ** 2 ** 3", "a power of a power needs parentheses, at character 8: **"],
  ["`a", "cannot be read at character 1: `a"],
  [`${"(".repeat(200)}a`, "is nested too deeply, at character 102: ("],
])("%j is refused with its place", (text, message) => {
  expect(() => parseExpression(text)).toThrow(new ExpressionFault(message));
});

it("names its columns, numbers and powers being none", () => {
  expect(namesIn(parseExpression("(a - `b c`) * 2 / -a ** 3 + 1"))).toEqual(["a", "b c", "a"]);
});
