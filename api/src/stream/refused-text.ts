import type { RefusedRow } from "../rows/row-chunk";

/** A refused row where records stand, as JSON. */
export function refusedRecord({ row, faults, faultCount }: RefusedRow): string {
  const more = faultCount > faults.length ? { errors_not_listed: faultCount - faults.length } : {};
  return JSON.stringify({ row, errors: faults, ...more });
}

/** The same on one line of a table. */
export function refusedLine({ faults, faultCount }: RefusedRow): string {
  const more = faultCount > faults.length ? ` (${faultCount} faults in all)` : "";
  return faults.map(({ detail }) => detail).join(" ") + more;
}
