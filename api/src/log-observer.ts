import type { Logger } from "pino";

import { noObserver, type Observer } from "./observer";
import type { ProblemName } from "./problems";

/** Their details quote what the caller sent, or an exception that may: they are for him alone, as rows and keys are. */
const quoting: ReadonlySet<ProblemName> = new Set([
  ...(["malformed", "not-acceptable", "unsupported-media-type", "artifact-failed"] as const),
]);

/** A line of the log for every answer. */
export const logObserver = (log: Logger): Observer => ({
  ...noObserver,
  answered: ({ problem, defect, ms, ...fields }) => {
    const line = { ...fields, ...(ms !== undefined && { ms: Math.round(ms * 1000) / 1000 }) };
    if (defect !== undefined) log.error({ ...line, err: defect }, "a defect of Picklepod");
    else if (problem)
      log[problem.status >= 500 ? "warn" : "info"](
        {
          ...line,
          problem: problem.problemName,
          ...(!quoting.has(problem.problemName) && { detail: problem.message }),
        },
        "answered",
      );
    else log.info(line, "answered");
  },
});
