// A line a test, and one a figure that counts.
import pc from "picocolors";

import { digits } from "../bench/report/numbers.mjs";
import { isReached } from "./goals.mjs";

const value = ({ value, unit }) => (typeof value === "number" ? `${number(value)}${unit}` : String(value) || "none");
const number = (value) => (Number.isInteger(value) ? String(value) : value === Infinity ? "never" : digits(value));

export const figureText = (figure) =>
  `${figure.what}: ${value(figure)} (${figure.kind} ${value({ ...figure, value: figure.bound })})`;

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
