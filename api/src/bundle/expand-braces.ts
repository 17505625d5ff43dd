/**
 * Brace expansion as in bash: `x{0..4}` and `{a,b}_{1..2}`; the leftmost varies slowest.
 * A name without braces is itself.
 */
export function expandBraces(pattern: string): string[] {
  const match = /^(.*?)\{(-?\d+\.\.-?\d+|[^{}]*,[^{}]*)\}(.*)$/.exec(pattern);
  if (!match) return [pattern];
  const [, before = "", inside = "", after = ""] = match;
  const rest = expandBraces(after);
  const names: string[] = [];
  for (const middle of alternatives(inside)) for (const end of rest) names.push(before + middle + end);
  return names;
}

function alternatives(inside: string): string[] {
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(inside);
  if (!range) return inside.split(",");
  const [first, last] = [Number(range[1]), Number(range[2])];
  const direction = first <= last ? 1 : -1;
  return Array.from({ length: Math.abs(last - first) + 1 }, (_, i) => String(first + i * direction));
}

/** How many names a pattern stands for, told without writing them out: `x{0..999999999}` would fill the memory. */
export function countBraces(pattern: string): number {
  return [...pattern.matchAll(/\{(?:(-?\d+)\.\.(-?\d+)|([^{}]*,[^{}]*))\}/g)].reduce(
    (product, [, first, last, list]) => {
      const count = list === undefined ? Math.abs(Number(last) - Number(first)) + 1 : list.split(",").length;
      return product * count;
    },
    1,
  );
}
