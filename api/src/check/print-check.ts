import { isAbsolute, relative } from "node:path";

import Table from "cli-table3";
import picocolors from "picocolors";

import type { CheckFinding, CheckResult, CheckStep, Invariance } from "./check-result";

type Colours = ReturnType<typeof picocolors.createColors>;

/** A bundle's check as a person reads it: a table of the steps, then each finding with what to do about it. */
export function printCheck(result: CheckResult, isColoured: boolean): string {
  const colours = picocolors.createColors(isColoured);
  const { bold, green, red } = colours;
  const head = `${result.ok ? green("✓") : red("✗")} ${bold(result.name)}  ${colours.dim(shown(result.folder))}`;
  const findings = result.steps.flatMap((step) => step.findings.map((finding) => findingLines(finding, colours)));
  const measured = result.invariance && result.invariance.steps.length > 0 ? [invarianceTable(result.invariance)] : [];
  const text = [head, stepsTable(result.steps, colours), ...measured, ...findings, ""].join("\n");
  return text.replaceAll(/ +$/gm, ""); // a table fills its last column
}

/** No lines around it: it is read, and it is pasted into a report. */
const BARE = {
  ...Object.fromEntries(["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid"].map((name) => [name, ""])),
  ...Object.fromEntries(
    ["bottom-left", "bottom-right", "left", "left-mid", "mid", "mid-mid"].map((name) => [name, ""]),
  ),
  ...{ right: "", "right-mid": "", middle: "  " },
};
const newTable = (): Table.Table =>
  new Table({ chars: BARE, style: { head: [], border: [], "padding-left": 0, "padding-right": 0 } });

function stepsTable(steps: readonly CheckStep[], colours: Colours): string {
  const table = newTable();
  for (const { step, state, told } of steps) table.push([`  ${mark(state, colours)}`, step, told]);
  return table.toString();
}

function mark(state: CheckStep["state"], { green, red, yellow }: Colours): string {
  return state === "ok" ? green("✓") : state === "findings" ? red("✗") : yellow("–");
}

function invarianceTable({ steps }: Invariance): string {
  const table = newTable();
  const ulp = (value: number | null): string => (value === null ? "" : `${value} ulp`);
  table.push(["    ", "step", "block rule", "alone", "one call"]);
  for (const { step, block, alone, oneCall } of steps) table.push(["    ", step, block, ulp(alone), ulp(oneCall)]);
  return table.toString();
}

/** From where the reader stands, where it lies below. */
function shown(path: string): string {
  const below = relative(process.cwd(), path);
  return !isAbsolute(path) || below.startsWith("..") || below === "" ? path : below;
}

function findingLines({ file, line, message, remedy }: CheckFinding, { red, bold }: Colours): string {
  return `${red("✗")} ${bold(`${shown(file)}${line === undefined ? "" : `:${line}`}`)}: ${message}\n  → ${remedy}`;
}
