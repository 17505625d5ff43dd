/** Forgotten by so many at a time. */
const BLOCK = 1_024;

/**
 * Callers who wait for a connection, first come, first served; whoever `hasLeft` is passed over. An array's own `shift` moves all
 * that are behind, and a load of ten times the peak leaves a hundred thousand of them.
 */
export function waitingLine() {
  let callers = [];
  let first = 0;
  const shift = () => {
    const caller = callers[first++];
    if (first >= BLOCK && first * 2 >= callers.length) [callers, first] = [callers.slice(first), 0];
    return caller;
  };
  const next = () => {
    let caller = shift();
    while (caller?.hasLeft) caller = shift();
    if (caller === undefined) [callers, first] = [[], 0];
    return caller;
  };
  return { add: (caller) => callers.push(caller), next };
}
