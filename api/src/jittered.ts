/** Anything from so many seconds to twice as many: who was turned away together must not come again together. */
export const jittered = (seconds: number, random: () => number = Math.random): number =>
  seconds + Math.floor(random() * (seconds + 1));

/** The header of what is over in a moment. */
export const retrySoon = (): { readonly "retry-after": string } => ({ "retry-after": String(jittered(1)) });
