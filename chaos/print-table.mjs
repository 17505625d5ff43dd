// A line a test, and one a figure that counts.
import pc from "picocolors";

import { digits } from "../bench/report/numbers.mjs";
import { isMeasured, isReached } from "./goals.mjs";

function value(figure) {
  if (!isMeasured(figure)) return "not measured";
  if (figure.value === Infinity) return "never";
  return typeof figure.value === "number" ? `${number(figure.value)}${figure.unit}` : String(figure.value) || "none";
}
const number = (value) => (Number.isInteger(value) ? String(value) : digits(value));

const goal = (figure) =>
  figure.kind === "told" ? "no goal" : `${figure.kind} ${value({ ...figure, value: figure.bound })}`;

export const figureText = (figure) => `${figure.what}: ${value(figure)} (${goal(figure)})`;

/** @returns whether every goal was reached */
export function printTest({ id, what }, { figures = [], failure }) {
  const missed = figures.filter((figure) => !isReached(figure));
  const isGood = failure === undefined && figures.length > 0 && missed.length === 0;
  const verdict = isGood ? pc.green("reached") : pc.red("MISSED");
  process.stdout.write(`${id.padEnd(4)} ${verdict}  ${what}\n`);
  if (failure !== undefined) process.stdout.write(`       ${pc.red("✗")} ${failure}\n`);
  for (const figure of figures)
    process.stdout.write(`       ${isReached(figure) ? "·" : pc.red("✗")} ${figureText(figure)}\n`);
  return isGood;
}
