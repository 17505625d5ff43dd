import type { Thing } from "../inspection";

type Entries = Extract<Thing, { kind: "dict" }>["entries"];

/** `{0: "rice", 1: "maize"}`, or `{"rice": 0, "maize": 1}`: names by their numbers; undefined where it is neither. */
export function numberedNames(entries: Entries): string[] | undefined {
  const pairs = entries.map(([key, thing]) => {
    const value = thing.kind === "value" ? thing.value : undefined;
    if (typeof key === "number") return typeof value === "string" ? ([key, value] as const) : undefined;
    return typeof value === "number" ? ([value, key] as const) : undefined;
  });
  const names: (string | undefined)[] = Array.from({ length: pairs.length });
  for (const pair of pairs) {
    if (pair === undefined || !Number.isInteger(pair[0]) || pair[0] < 0 || pair[0] >= pairs.length) return undefined;
    names[pair[0]] = pair[1];
  }
  const all = names.filter((name) => name !== undefined);
  return all.length === pairs.length ? all : undefined;
}
