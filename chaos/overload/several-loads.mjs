// One load of several processes: where one has not the files for as many connections as wait, or the load has several cores.
import { mostSockets } from "../load/most-sockets.mjs";
import { openLoop } from "../load/run.mjs";

/** Each has 28,000 ports, and the system keeps that of a connection that was closed for a minute: some 260,000 in all. */
const ADDRESSES = 32;
const MOST_PROCESSES = 4;

/** How many it takes, where nobody is answered before patience is over. */
export function processesFor({ rate, patienceMs, kept }, cores, sockets = mostSockets(ADDRESSES)) {
  const connections = kept ?? (rate * patienceMs) / 1000;
  return Math.min(MOST_PROCESSES, Math.max(cores, Math.ceil(connections / sockets)));
}

/** {samples, lagP99} of a constant rate, kept connections and all, shared by so many processes. */
export async function severalLoads({ rate, seconds, kept, ...job }, processes) {
  const share = {
    ...job,
    addresses: ADDRESSES,
    ...(kept !== undefined && { kept: Math.round(kept / processes) }),
    phases: [{ rate: rate / processes, seconds }],
  };
  return asOne(await Promise.all(Array.from({ length: processes }, () => openLoop(share))));
}

/** Processes do not begin together: each one's times run from the first's beginning. */
export function asOne(loads) {
  const first = Math.min(...loads.map(({ begun }) => begun));
  return {
    samples: loads.flatMap(({ begun, samples }) => samples.map(([due, ...rest]) => [due + begun - first, ...rest])),
    lagP99: Math.max(...loads.map(({ lagP99 }) => lagP99)),
  };
}
