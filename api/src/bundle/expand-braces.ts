/**
 * Brace expansion as in bash: `x{0..4}` and `{a,b}_{1..2}`; the leftmost varies slowest.
 * A name without braces is itself.
 */
export function expandBraces(pattern: string): string[] {
  const match = /^(.*?)\{(-?\d+\.\.-?\d+|[^{}]*,[^{}]*)\}(.*)$/.exec(pattern);
  if (!match) return [pattern];
  const [, before = "", inside = "", after = ""] = match;
  const rest = expandBraces(after);
  return alternatives(inside).flatMap((middle) => rest.map((end) => before + middle + end));
}

function alternatives(inside: string): string[] {
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(inside);
  if (!range) return inside.split(",");
  const [first, last] = [Number(range[1]), Number(range[2])];
  const direction = first <= last ? 1 : -1;
  return Array.from({ length: Math.abs(last - first) + 1 }, (_, i) => String(first + i * direction));
}
