import type { Gate } from "./gate";
import type { Knowledge } from "./knowledge";
import { textOf } from "./scalar";

const modules = new Set([
  "numpy",
  "numpy.core.multiarray",
  "numpy.core._multiarray_umath",
  "numpy._core.multiarray",
  "numpy._core._multiarray_umath",
]);

/** dill and numpy write some globals as calls that look them up: those are followed to what they find. */
export function followedTo(known: Knowledge, gate: Gate, rule: string, args: Int32Array): number | undefined {
  return lookUps[rule]?.(known, gate, args);
}

type LookUp = (known: Knowledge, gate: Gate, args: Int32Array) => number | undefined;

const lookUps: Readonly<Record<string, LookUp | undefined>> = {
  "load-type": (known, gate, args) =>
    args.length === 1 ? honestGlobal(known, gate, "builtins", textAt(known, args, 0)) : undefined,
  "import-module": (known, _, args) => {
    const module = textAt(known, args, 0);
    return args.length === 1 && module !== undefined && modules.has(module) ? known.heap.addModule(module) : undefined;
  },
  "get-attr": (known, gate, args) => {
    const module = known.heap.moduleName(args[0] ?? 0);
    return args.length === 2 ? honestGlobal(known, gate, module, textAt(known, args, 1)) : undefined;
  },
  ufunc: (known, gate, args) => {
    const module = textAt(known, args, 0);
    if (args.length !== 2 || module?.split(".")[0] !== "numpy") return undefined;
    const found = honestGlobal(known, gate, module, textAt(known, args, 1));
    return found !== undefined && known.verdict(found)?.isValue === true ? found : undefined;
  },
};

const textAt = ({ heap }: Knowledge, args: Int32Array, place: number): string | undefined =>
  textOf(heap, args[place] ?? 0);

function honestGlobal({ heap }: Knowledge, gate: Gate, module?: string, name?: string): number | undefined {
  if (module === undefined || name === undefined) return undefined;
  const verdict = gate.honest.get(`${module} ${name}`);
  return verdict && heap.addGlobal(module, name, verdict, false);
}
