import { type Gate, isDangerous } from "./gate";
import type { DangerCode } from "./reading";

interface ForeignName {
  readonly code: DangerCode;
  readonly what: string;
  /** What the danger is told of. */
  readonly named: string;
}

/** statsmodels' ARIMA, SARIMAX and their kin name some thirty of their parts: honest, and told as a whole. */
const stateSpace: ForeignName = {
  code: "dangerous-global",
  named: "statsmodels.tsa.statespace",
  what:
    "It is a state space model of statsmodels (ARIMA, SARIMAX): its compiled parts take their state from the pickle " +
    "unchecked, so Picklepod loads none. AutoReg, ExponentialSmoothing and regressions are loaded.",
};

/** Why a name that is not honest is refused. */
export function foreignName(gate: Gate, module: string, name: string): ForeignName {
  const full = `${module}.${name}`;
  if (!name.includes(".") && isDangerous(gate, module, full)) {
    if (module.startsWith("statsmodels.tsa.")) return stateSpace;
    return {
      code: "dangerous-global",
      what: `It names ${full}, which runs code or reaches outside of the file.`,
      named: full,
    };
  }
  if (name.includes(".") || gate.dangerous.has(name))
    return {
      code: "dotted-name",
      what: `It reaches through ${module} to ${name}: loading that could run anything.`,
      named: full,
    };
  return {
    code: "unknown-global",
    what: `It names ${full}: custom code, or worse; no library that Picklepod knows pickles it.`,
    named: full,
  };
}
