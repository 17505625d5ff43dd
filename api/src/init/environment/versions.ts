/** Versions as PEP 440 orders them, as far as bounds of released packages need it: the numbers, and a release after its candidates. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.max(left.numbers.length, right.numbers.length); i += 1) {
    const difference = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(right.isCandidate) - Number(left.isCandidate);
}

function partsOf(version: string): { numbers: number[]; isCandidate: boolean } {
  const [numbers = ""] = /^\d+(\.\d+)*/.exec(version.trim()) ?? [];
  return { numbers: numbers.split(".").map(Number), isCandidate: /(a|b|rc|dev)\d*$/i.test(version) };
}

/** Whether a version satisfies `>=2,<2.3`. What cannot be read is taken to be satisfied: uv has the last word. */
export function satisfies(version: string, spec: string): boolean {
  return spec
    .split(",")
    .filter((part) => part.trim() !== "")
    .every((part) => {
      const [, operator = "", bound = ""] = /^\s*(<=|>=|==|!=|~=|<|>)\s*([^\s;*]+?)(?:\.\*)?\s*$/.exec(part) ?? [];
      const order = compareVersions(version, bound);
      if (operator === "<") return order < 0;
      if (operator === "<=") return order <= 0;
      if (operator === ">") return order > 0;
      if (operator === ">=") return order >= 0;
      if (operator === "==")
        return part.includes("*") ? version.startsWith(`${bound}.`) || version === bound : order === 0;
      return true;
    });
}

/** The version that a requirement names exactly, if it does. */
export const exactOf = (spec: string): string | undefined => /^\s*===?\s*(\d[^\s,;*]*)\s*$/.exec(spec)?.[1];
