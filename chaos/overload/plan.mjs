// What is offered, and how the callers are connected.

/** An answer is good within this; whoever has none after twice as long hangs up, as clients do. */
export const DEADLINE_MS = 1_000;
export const PATIENCE_MS = 2 * DEADLINE_MS;
/** Where the load itself comes so much later than it is due, a point was not offered. */
export const MOST_LAG_MS = 300;

/** kept: the callers' connections, where they are kept. */
export const forms = [
  { id: "new", mark: "new", name: "New connections: whoever finds none free opens one" },
  { id: "kept", mark: "256 kept", name: "256 kept connections: whoever finds none free waits", kept: 256 },
  { id: "many", mark: "4,096 kept", name: "4,096 kept connections", kept: 4_096 },
];

/**
 * settleSeconds: what does not count. A line in which the first waits until patience is over takes so long to grow, where a quarter
 * more is offered than can be done: 2 s / (1 - 1/1.25) = 10 s; after 5 s nobody in it is answered within the deadline any more.
 */
const whole = { settleSeconds: 8, seconds: 7, peakSeconds: 4, timesPeak: [0.5, 1, 1.25, 2, 5, 10] };
const short = { settleSeconds: 2, seconds: 2, peakSeconds: 2, timesPeak: [0.5, 1.5, 3, 10] };
export const planOf = ({ isShort }) => (isShort ? short : whole);
