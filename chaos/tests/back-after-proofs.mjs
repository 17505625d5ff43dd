// How soon a sidecar that has proved itself again is of use to those who call.

export const BACK_WITHIN_MS = 500;

/**
 * Milliseconds from each proof to the first right answer; Infinity where none came before the next kill. A proof that had less time
 * than the goal allows, because the sidecar was killed or the last call was due before, and was followed by none, says nothing.
 * @param proofs, kills times of the day; samples [[due, ms, status, right], …], due from `begun`
 */
export function backAfterProofs({ proofs, kills, begun, samples }) {
  const rights = samples.filter(([, , status, right]) => status === 200 && right).map(([due, ms]) => begun + due + ms);
  const lastDue = begun + Math.max(...samples.map(([due]) => due));
  return proofs.flatMap((proof) => {
    const killed = Math.min(...kills.filter((at) => at > proof));
    const first = Math.min(...rights.filter((at) => at >= proof && at <= killed));
    const isCutShort = Math.min(killed, lastDue) - proof < BACK_WITHIN_MS;
    return first === Infinity && isCutShort ? [] : [first - proof];
  });
}
