import { isPlainFormula } from "./formula";

describe("a formula is plain", () => {
  test.each([
    "y ~ x",
    "y ~ a + b:c - 1",
    "y ~ C(country) * age",
    "y~(a+b)",
    "np_1 ~ 1.5",
    "y ~ C( day )",
    "größe ~ alter",
  ])("%s", (formula) => {
    expect(isPlainFormula(formula)).toBe(true);
  });
});

describe("a formula that Python would evaluate is not", () => {
  test.each([
    "y ~ np.log(x)",
    "y ~ f(x)",
    "y ~ __import__('os').system('id')",
    "y ~ C(__import__('os'))",
    "y ~ C(x)(y)",
    "y ~ (f)(x)",
    "y ~ f (x)",
    "y ~ x[0]",
    "y ~ Q('a')",
    "y ~ a if b else c",
    "y ~ a b",
    "y ~ `id`",
    "y ~ {a}",
    "y ~ a ** 2;b",
  ])("%s", (formula) => {
    expect(isPlainFormula(formula)).toBe(false);
  });
});
