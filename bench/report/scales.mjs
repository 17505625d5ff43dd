// Values to places along an axis, and the ticks that stand there.

export function logarithmic(values, from, to, wholeDecades) {
  const [least, most] = [Math.min(...values), Math.max(...values)].map(Math.log10);
  const [low, high] = wholeDecades ? [Math.floor(least), Math.ceil(most + 1e-9)] : [least, most];
  const ticks = [];
  for (let power = Math.ceil(low - 1e-9); power <= high + 1e-9; power += 1) ticks.push(10 ** power);
  return { ticks, at: (value) => from + ((Math.log10(value) - low) / (high - low || 1)) * (to - from) };
}

const TICKS = 5;

/** From nothing. */
export function linear(values, from, to) {
  const step = roundStep(Math.max(...values) / TICKS);
  const most = Math.ceil(Math.max(...values) / step) * step;
  const ticks = Array.from({ length: Math.round(most / step) + 1 }, (_, i) => i * step);
  return { ticks, at: (value) => from + (value / most) * (to - from) };
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(atLeast) {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= atLeast * 0.999);
}
