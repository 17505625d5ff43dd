import { toFixedHalfEven } from "./to-fixed-half-even";

/**
 * Python's repr() of a value as the original contract printed it: a bool, an int, a float, a text, or numpy's repr of a
 * one-dimensional float64 array at its default print options (numpy 1.14 and later, precision 8, FloatingFormat in
 * numpy/core/arrayprint.py).
 */
export function pythonRepr(value: unknown): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return pythonFloat(value);
  if (typeof value === "string") return pythonString(value);
  return String(value);
}

export function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = Array.from(text, (character) => {
    if (character === quote || character === "\\") return `\\${character}`;
    return NAMED_ESCAPES[character] ?? (PRINTABLE.test(character) ? character : hexEscape(character));
  });
  return quote + escaped.join("") + quote;
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
// what str.isprintable() says no to: control, format, surrogate, private, unassigned, and separators but the space
const PRINTABLE = /^(?: |[^\p{C}\p{Z}])$/u;

function hexEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

/** repr(float): the shortest text that round-trips, in scientific form below 1e-4 and from 1e16 up. */
function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return scientific(value.toExponential(), "");
  const text = Object.is(value, -0) ? "-0" : fixedShortest(value);
  return text.includes(".") ? text : `${text}.0`;
}

/** "1.5e-7" to "1.5e-07": Python and numpy write exponents with two digits at least. */
function scientific(text: string, point: string): string {
  const [mantissa = "", exponent = ""] = text.split("e");
  const sign = exponent.startsWith("-") ? "-" : "+";
  const digits = exponent.replace(/^[+-]/, "").padStart(2, "0");
  return `${mantissa.includes(".") ? mantissa : mantissa + point}e${sign}${digits}`;
}

const PRECISION = 8;

/** repr(numpy.array([...])) of finite float64 values. */
export function numpyArrayRepr(values: readonly number[]): string {
  const sizes = values.filter((value) => value !== 0).map(Math.abs);
  const [largest, smallest] = [Math.max(0, ...sizes), Math.min(Infinity, ...sizes)];
  const exponential = sizes.length > 0 && (largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000);
  const texts = exponential ? exponentialTexts(values) : positionalTexts(values);
  return `array([${texts.join(", ")}])`;
}

function positionalTexts(values: readonly number[]): string[] {
  const parts = values.map((value) => {
    const [whole = "", fraction = ""] = positional(value).split(".");
    return { whole, fraction };
  });
  const [left, right] = [longest(parts.map((p) => p.whole)), longest(parts.map((p) => p.fraction))];
  return parts.map(({ whole, fraction }) => `${whole.padStart(left)}.${fraction.padEnd(right)}`);
}

function exponentialTexts(values: readonly number[]): string[] {
  const parts = values.map((value) => {
    const [mantissa = "", exponent = ""] = scientific(roundedExponential(value), ".").split("e");
    const [whole = "", fraction = ""] = mantissa.split(".");
    return { whole, fraction, exponent };
  });
  const [left, right] = [longest(parts.map((p) => p.whole)), longest(parts.map((p) => p.fraction))];
  const digits = longest(parts.map((p) => p.exponent)) - 1;
  return parts.map(({ whole, fraction, exponent }) => {
    const power = exponent.charAt(0) + exponent.slice(1).padStart(digits, "0");
    return `${whole.padStart(left)}.${fraction.padEnd(right, "0")}e${power}`;
  });
}

const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));

/** The shortest text that round-trips, cut to 8 decimals; "1." and "0." keep their point. */
function positional(value: number): string {
  const shortest = Object.is(value, -0) ? "-0" : fixedShortest(value);
  const [whole = "", fraction = ""] = shortest.split(".");
  if (fraction.length <= PRECISION) return `${whole}.${fraction}`;
  return toFixedHalfEven(value, PRECISION).replace(/0+$/, "");
}

function roundedExponential(value: number): string {
  const shortest = value.toExponential();
  const fraction = /\.(\d+)e/.exec(shortest)?.[1] ?? "";
  if (fraction.length <= PRECISION) return shortest;
  const [mantissa = "", exponent = ""] = value.toExponential(PRECISION).split("e");
  return `${mantissa.replace(/0+$/, "")}e${exponent}`;
}

/** JavaScript writes the shortest text too, but from 1e21 up and below 1e-6 with an exponent. */
function fixedShortest(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const power = Number(exponent);
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${whole}${fraction}`;
  return sign + whole + fraction.padEnd(power, "0");
}
