/**
 * A number with so many decimals, an exact tie rounded to even, as Python's round() and numpy do it; toFixed rounds it up.
 * A tie is a value that ends exactly with a 5 behind its last decimal, which few doubles do.
 */
export function toFixedHalfEven(value: number, decimals: number): string {
  const rounded = value.toFixed(decimals);
  // few are ties, and to make sure is dear; from 1e21 up toFixed writes an exponent
  if (!value.toFixed(decimals + 1).endsWith("5") || Math.abs(value) >= 1e21) return rounded;
  const exact = value.toFixed(MOST_DECIMALS).replace(/0+$/, "");
  const isTie = exact.length - exact.indexOf(".") - 1 === decimals + 1 && exact.endsWith("5");
  if (!isTie || !"13579".includes(rounded.at(-1) ?? "")) return rounded;
  return exact.slice(0, -1).replace(/\.$/, "");
}

/** Enough to tell a tie: a double that is one has at most a decimal more than it is rounded to, and contracts round to 15. */
const MOST_DECIMALS = 60;
