import type { CodePins, Draft } from "./description";
import { expandInputs, inputsOf } from "./inputs";
import type { Manifest } from "./manifest";
import { resolveStep } from "./resolve-step";

/** An artifact is never called with more cells than this at once, however few rows that leaves: 32 MB of float64. */
const MOST_CELLS = 2 ** 22;

/** The part of bundle.json that follows from model.yaml, the lock and `code` (by module name): every name resolved,
 * every default written out. */
export function draftOf(
  manifest: Manifest,
  lock: Draft["lock"],
  manifestSha256: string,
  code: Readonly<Record<string, Omit<CodePins[string], "file">>> = {},
): Draft {
  const inputs = expandInputs(manifest);
  const numbers = inputsOf(inputs, "numbers");
  const widest = Math.max(1, Math.floor(MOST_CELLS / numbers.length));
  return {
    format: 1,
    name: manifest.name,
    version: manifest.version,
    python: manifest.environment.python,
    files: { "model.yaml": manifestSha256 },
    lock,
    ...(manifest.code && { code: codePins(manifest.code, code) }),
    inputs: {
      numbers,
      codes: [...inputs].flatMap(([name, input]) =>
        input.type === "category" ? [{ name, categories: [...input.values] }] : [],
      ),
      texts: inputsOf(inputs, "texts"),
    },
    steps: manifest.steps.map((step, i) => resolveStep(step, { manifest, previous: manifest.steps[i - 1]?.output })),
    outputs: Object.entries(manifest.outputs).map(([name, { from, column }]) => ({
      name,
      from,
      ...(column !== undefined && { column }),
    })),
    limits: { block: Math.min(manifest.limits.block, widest) },
  };
}

function codePins(modules: Readonly<Record<string, string>>, pins: Parameters<typeof draftOf>[3] = {}): CodePins {
  const pinned = ([module, file]: [string, string]) =>
    [module, { file, ...(pins[module] ?? { sha256: "", size: 0 }) }] as const;
  return Object.fromEntries(Object.entries(modules).map(pinned));
}
