// What a run found, kept in docs/benchmarks/chaos.json and told in docs/reliability.md, between its marks. A run of some of the tests
// renews their lines alone.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { table } from "../bench/report/numbers.mjs";
import { isReached } from "./goals.mjs";
import { root } from "./places.mjs";
import { figureText } from "./print-table.mjs";
import { table as tests } from "./table.mjs";
import { mechanisms } from "./without/mechanisms.mjs";
import { missedFigures, objectionTo } from "./without/verdict.mjs";

const resultsFile = join(root, "docs/benchmarks/chaos.json");
const pageFile = join(root, "docs/reliability.md");

/** @param outcomes {[id]: {figures, failure?}} */
export function writeReport(outcomes, options) {
  const results = renewed(readResults(), outcomes, options);
  writeFileSync(resultsFile, `${JSON.stringify(results, kept, 1)}\n`);
  writeBetween("table", testTable(results.tests));
  writeBetween("without", withoutTable(results.without));
}

/** @returns what was known, {tests, without: {[mechanism]: tests}}, with these outcomes in their places and all others as they were */
export function renewed({ tests, without: mechanisms }, outcomes, { without, runs, short }) {
  const about = { date: new Date().toISOString().slice(0, 10), runs: Number(runs), short };
  const found = Object.fromEntries(Object.entries(outcomes).map(([id, outcome]) => [id, { ...about, ...outcome }]));
  if (without === undefined) return { tests: { ...tests, ...found }, without: mechanisms };
  return { tests, without: { ...mechanisms, [without]: { ...mechanisms[without], ...found } } };
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
export function writeBetween(name, text) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const page = readFileSync(pageFile, "utf8");
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before === -1 || after === -1) throw new Error(`docs/reliability.md has no ${begin} … ${end}`);
  writeFileSync(pageFile, `${page.slice(0, before + begin.length)}\n\n${text}\n\n${page.slice(after)}`);
}

function readResults() {
  try {
    return JSON.parse(readFileSync(resultsFile, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return { tests: {}, without: {} };
    throw error;
  }
}

const cell = (text) => text.replaceAll("|", "/").replaceAll("\n", " ");
/** JSON would make both null of "never", which is a figure, and of what was not measured. */
const kept = (_key, value) => (value === Infinity ? "never" : value);
const read = (figure) => ({ ...figure, value: figure.value === "never" ? Infinity : (figure.value ?? NaN) });

function testTable(found) {
  const lines = tests.map(({ id, what }) => [id, what, ...outcomeCells(found[id])]);
  return table(["", "what happens", "seen (goal)", "", "run"], lines);
}

function outcomeCells(found) {
  if (found === undefined) return ["–", "not run", "–"];
  const figures = (found.figures ?? []).map(read);
  const isGood = found.failure === undefined && figures.length > 0 && figures.every(isReached);
  const text =
    found.failure ??
    figures.map((figure) => (isReached(figure) ? figureText(figure) : `**${figureText(figure)}**`)).join("<br>");
  return [
    cell(text),
    isGood ? "reached" : "**missed**",
    `${found.date}, ${found.runs} ×${found.short ? ", short" : ""}`,
  ];
}

function withoutTable(found) {
  const lines = Object.entries(mechanisms).flatMap(([name, mechanism]) =>
    mechanism.tests.map((id) => [`\`${name}\``, mechanism.what, id, missedCell(found[name]?.[id], mechanism)]),
  );
  return table(["without", "that is", "test", "what it misses then"], lines);
}

function missedCell(found, mechanism) {
  if (found === undefined) return "not run";
  const outcome = { ...found, figures: found.figures?.map(read) };
  const objection = objectionTo(outcome, mechanism);
  if (objection !== undefined) return cell(`**${objection}**`);
  return cell(found.failure ?? missedFigures(outcome).map(figureText).join("<br>"));
}
