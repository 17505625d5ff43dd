import type { Model } from "./predict/model";
import type { Log } from "./supervise/log";

/** A line for every change of what a model can do. */
export function logAvailability(log: Log): (model: Model) => void {
  return ({ bundle, availability }) => {
    const fields = { model: bundle.name, state: availability.state };
    if (availability.state === "ready") {
      const { proof, blocks } = availability.sidecar;
      log.info({ ...fields, proof, blocks }, `${bundle.name} is ready (proof: ${proof ?? "none"})`);
    } else if (availability.state === "failed")
      log.error(fields, `${bundle.name} does not serve: ${availability.reason}`);
    else log.info({ ...fields, reason: availability.reason }, `${bundle.name} is ${availability.state}`);
  };
}
