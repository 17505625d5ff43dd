import { own } from "./gate";
import { Kind, nothing } from "./heap";
import { type Fault, fault, type Knowledge, type Maker } from "./knowledge";
import { laterFault } from "./later-rules";
import { methodFault } from "./method-rules";
import { tupleItems } from "./shapes";
import { anyStateFault, distributionFault, plainStateFault } from "./state-rules";

/** What BUILD may set of an instance, by its class's rule, however it was made. */
export function instanceStateFault(known: Knowledge, target: number, state: number): Fault | undefined {
  const maker = known.maker(target);
  if (!maker) return fault("build", "of what is no instance");
  const isDistribution = maker.isClass && maker.rule === "distribution";
  const takesAny = !maker.isClass || maker.rule === "any" || maker.takesAnyState === true;
  const checkForm = isDistribution ? distributionFault : takesAny ? anyStateFault : plainStateFault;
  return (
    checkForm(known, state) ??
    slotsFault(known, maker, state) ??
    methodFault(known, target, state) ??
    (isDistribution ? undefined : laterFault(known, maker.global, state))
  );
}

/** Python hands the second dict of a pair to setattr, and so to whatever properties a class has. These have slots. */
const slotted = /^(scipy\.interpolate\.|sklearn\.utils\._tags\.)/;

function slotsFault({ heap }: Knowledge, { global }: Maker, state: number): Fault | undefined {
  const both = tupleItems(heap, state);
  const second = both?.length === 2 ? (both[1] ?? 0) : nothing;
  const setsSlots = heap.kind(second) === Kind.dict && heap.length(second) > 0;
  return setsSlots && global.verdict !== own && !slotted.test(global.full)
    ? fault("build", "with a state of slots, which it has none of")
    : undefined;
}
