/** Anything from so many seconds to twice as many: who was turned away together must not come again together. */
export const jittered = (seconds: number, random: () => number = Math.random): number =>
  seconds + Math.floor(random() * (seconds + 1));
