import { join } from "node:path";

import type { Draft } from "../bundle/description";
import { inspectFile } from "../inspect/inspect-file";
import type { Estimator, Thing } from "../inspect/inspection";
import type { KnownNumbers } from "./likely-number";
import type { KnownInputs } from "./proof-rows";

/** What the artifacts that are handed the callers' own columns know of them; read without running them. */
export async function knownInputs(folder: string, draft: Draft): Promise<KnownInputs> {
  const known = new Map<string, KnownNumbers>();
  const modules = new Set(Object.keys(draft.code ?? {}));
  const things = new Map<string, Thing | undefined>();
  for (const step of draft.steps) {
    if (!("artifact" in step) || !("columns" in step) || !Array.isArray(step.columns)) continue;
    const { file, key } = step.artifact;
    if (!things.has(file)) things.set(file, (await inspectFile(join(folder, file), file, { code: modules })).thing);
    const { inputs = [] } = estimatorAt(things.get(file), key) ?? {};
    if (inputs.length !== step.columns.length) continue;
    for (const [place, name] of step.columns.entries()) {
      const fact = inputs[place];
      if (fact !== undefined) known.set(name, { ...fact, ...known.get(name) });
    }
  }
  return known;
}

function estimatorAt(thing: Thing | undefined, key: readonly (string | number)[]): Estimator | undefined {
  const [first, ...deeper] = key;
  if (first === undefined) return thing?.kind === "estimator" ? thing : undefined;
  if (thing?.kind === "list") return estimatorAt(thing.first[Number(first)], deeper);
  if (thing?.kind !== "dict") return undefined;
  return estimatorAt(thing.entries.find(([name]) => String(name) === String(first))?.[1], deeper);
}
