/**
 * A column's name; `["number", "1.5"]`, a decimal text, as floats have no place in bundle.json; `["negative", x]`; or an
 * operator with its two sides. `["**", x, "3"]` has a whole number as text.
 */
export type Expression = string | readonly [string, Expression] | readonly [string, Expression, Expression];

/** Told with its place, counted from 1. */
export class ExpressionFault extends Error {}

interface Token {
  readonly kind: "name" | "number" | "sign" | "end";
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s*(?:(?<name>[\p{L}_][\p{L}\p{N}_]*)|`(?<quoted>[^`]+)`|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<sign>\*\*|[-+*/()]))/uy;
const BINDING: Readonly<Record<string, number>> = { "+": 1, "-": 1, "*": 2, "/": 2, "**": 4 };
const NEGATIVE = 3; // -a ** 2 is -(a ** 2), as in Python
const LARGEST_POWER = 64;
const DEEPEST = 100;

/** Names, numbers, + - * / **, unary minus and parentheses; a name with blanks stands in backticks.
 * @throws ExpressionFault */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  const end: Token = { kind: "end", text: "", at: text.length };
  let next = 0;
  const peek = (): Token => tokens[next] ?? end;
  const take = (): Token => tokens[next++] ?? end;

  const operand = (depth: number): Expression => {
    if (depth > DEEPEST) throw fault("is nested too deeply", peek());
    const token = take();
    if (token.kind === "name") return token.text;
    if (token.kind === "number") return ["number", token.text];
    if (token.text === "-") return ["negative", expression(NEGATIVE, depth + 1)];
    if (token.text !== "(") throw fault("a name, a number, - or ( must stand there", token);
    const inside = expression(0, depth + 1);
    const closing = take();
    if (closing.text !== ")") throw fault("an operator or ) must stand there", closing);
    return inside;
  };
  const expression = (atLeast: number, depth: number): Expression => {
    let left = operand(depth);
    for (;;) {
      const token = peek();
      const binding = token.kind === "sign" ? (BINDING[token.text] ?? 0) : 0;
      if (binding <= atLeast) return left;
      take();
      left = [token.text, left, token.text === "**" ? power(take, peek) : expression(binding, depth + 1)];
    }
  };

  const whole = expression(0, 0);
  if (peek().kind !== "end") throw fault("an operator must stand there", peek());
  return whole;
}

/** Only whole numbers: x ** 3 is x * x * x, which has the same bits everywhere. */
function power(take: () => Token, peek: () => Token): string {
  const isNegative = peek().text === "-";
  if (isNegative) take();
  const token = take();
  if (token.kind !== "number" || !/^\d+$/.test(token.text) || Number(token.text) > LARGEST_POWER) {
    throw fault(`a power is a whole number, at most ${LARGEST_POWER}`, token);
  }
  if (peek().text === "**") throw fault("a power of a power needs parentheses", peek());
  return (isNegative ? "-" : "") + String(Number(token.text));
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== "") {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    const start = at + (text.slice(at).length - text.slice(at).trimStart().length);
    if (!groups)
      throw new ExpressionFault(`cannot be read at character ${start + 1}: ${text.slice(start, start + 20)}`);
    const kind = groups["number"] !== undefined ? "number" : groups["sign"] !== undefined ? "sign" : "name";
    const found = groups["name"] ?? groups["quoted"] ?? groups["number"] ?? groups["sign"] ?? "";
    tokens.push({ kind, text: found, at: start });
    at = TOKEN.lastIndex;
  }
  return tokens;
}

const fault = (message: string, { at, text }: Token): ExpressionFault =>
  new ExpressionFault(`${message}, at character ${at + 1}${text === "" ? " (the end)" : `: ${text}`}`);

/** Every column that an expression names. */
export function namesIn(expression: Expression): string[] {
  if (typeof expression === "string") return [expression];
  const [operator, left, right] = expression;
  if (operator === "number") return [];
  return [...namesIn(left), ...(right === undefined || operator === "**" ? [] : namesIn(right))];
}
