import { arrayStateFault, maskedStateFault } from "./array-rules";
import { dtypeStateFault } from "./dtype-rules";
import { instanceStateFault } from "./instance-rules";
import type { Fault, Knowledge } from "./knowledge";
import { partialStateFault } from "./partial-rules";
import { wrapperStateFault } from "./wrapper-rules";

/** What is wrong with a state that BUILD would give an instance, by what made that. */
export function buildFault(known: Knowledge, target: number, state: number): Partial<Fault> | undefined {
  const maker = known.maker(target);
  if (!maker) return { code: "build" };
  if (!maker.isClass) return madeStateFault(known, target, maker.rule, state);
  switch (maker.rule) {
    case "dtype":
      return dtypeStateFault(known, target, state);
    case "wrapper":
      return wrapperStateFault(known, state);
    case "items":
    case "fraction":
    case "range":
    case "bytes":
    case "bytearray":
      return { code: "build" };
    default:
      return instanceStateFault(known, target, state);
  }
}

function madeStateFault(known: Knowledge, target: number, rule: string, state: number): Partial<Fault> | undefined {
  switch (rule) {
    case "method":
    case "complete":
    case "zone":
    case "scalar":
    case "encode":
    case "import-module":
    case "frombuffer":
    case "create-array":
      return { code: "build" };
    case "reconstruct":
    case "mareconstruct":
      if (known.settled.has(target)) return { code: "build", what: "again" };
      known.settled.add(target);
      return rule === "reconstruct" ? arrayStateFault(known, state) : maskedStateFault(known, state);
    case "partial":
      return partialStateFault(known, target, state);
    default:
      return instanceStateFault(known, target, state);
  }
}
