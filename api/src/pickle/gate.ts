import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What may be done with a global. What a kind is, and what a rule checks, is said in sidecar/picklepod_gate/README.md. */
export interface Verdict {
  /** The rule of a class, "" for none; undefined where it is no honest class. */
  readonly classRule?: string;
  /** The rule of a constructor. */
  readonly constructorRule?: string;
  readonly isValue: boolean;
  /** A functools.partial may be made of it. */
  readonly mayBeWrapped?: boolean;
  /** Nothing is known of it, and that is already told. */
  readonly isForeign: boolean;
}

/** The lists of picklepod_gate: one truth, which Python and TypeScript both read. */
export interface Gate {
  /** By `module name`. */
  readonly honest: ReadonlyMap<string, Verdict>;
  /** `module`, which covers its submodules, or `module.name`. */
  readonly dangerous: ReadonlySet<string>;
}

/** What the bundle's own code may. */
export const own: Verdict = {
  classRule: "any",
  constructorRule: "any",
  isValue: true,
  mayBeWrapped: true,
  isForeign: false,
};
export const foreign: Verdict = { isValue: false, isForeign: true };

let present: Gate | undefined;

/** Read once: they do not change while Picklepod runs. */
export const ownGate = (): Gate => (present ??= readGate(gateFolder()));

function readGate(folder: string): Gate {
  const honest = new Map<string, Verdict>();
  for (const [kind = "", module = "", name = "", rule = ""] of lines(join(folder, "honest.txt"))) {
    const key = `${module} ${name}`;
    honest.set(key, { ...(honest.get(key) ?? { isValue: false, isForeign: false }), ...kindOf(kind, rule) });
  }
  return { honest, dangerous: new Set(lines(join(folder, "dangerous.txt")).map((words) => words.join("."))) };
}

function kindOf(kind: string, rule: string): Partial<Verdict> {
  if (kind === "class") return { classRule: rule };
  if (kind === "constructor") return { constructorRule: rule };
  if (kind === "value") return { isValue: true, mayBeWrapped: rule === "wrapped" };
  throw new Error(`honest.txt: ${kind} is none of class, constructor, value`);
}

function lines(file: string): string[][] {
  return readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .map((line) => line.split(/\s+/));
}

/** The lists lie beside the sidecar, above this code, whether it runs from its sources or as built. */
function gateFolder(from = __dirname): string {
  const folder = join(from, "sidecar", "picklepod_gate");
  if (existsSync(join(folder, "honest.txt"))) return folder;
  if (dirname(from) === from)
    throw new Error("Picklepod's own sidecar/picklepod_gate is not above its code: install Picklepod again.");
  return gateFolder(dirname(from));
}

/** Whether something is known for harm, by itself or by a module that it is in. */
export function isDangerous(gate: Gate, module: string, full: string): boolean {
  if (gate.dangerous.has(full)) return true;
  for (let end = module.length; end > 0; end = module.lastIndexOf(".", end - 1))
    if (gate.dangerous.has(module.slice(0, end))) return true;
  return false;
}
