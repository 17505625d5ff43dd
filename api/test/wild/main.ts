/**
 * npm run wild -- <folder> [--json] [--only name,…]: folders with the artifacts of public repositories, and facts.json with
 * what they answer. Each is inspected, initialised, checked, served and asked, as its owner would, and compared.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

import Table from "cli-table3";

import { inParallel } from "../../src/check/in-parallel";
import { readRepositories } from "./facts";
import { type Fared, tryRepository } from "./try-repository";

const USAGE =
  "Usage: npm run wild -- <folder> [--json] [--only name,name]: the folder holds a folder per repository, with its facts.json";
/** Most of the time goes into one process at a time: two keep two cores busy. */
const AT_ONCE = 2;

const mark = (is: boolean): string => (is ? "yes" : "NO");

function table(results: readonly Fared[]): string {
  const head = [
    "repository",
    "kind",
    "inspected right",
    "environment built",
    "served",
    "rows equal",
    "to the bit",
    "s",
    "why not",
  ];
  const table = new Table({
    head,
    style: { head: [], border: [] },
    colWidths: [null, null, null, null, null, null, null, null, 60],
    wordWrap: true,
  });
  for (const {
    repository,
    kind,
    inspected,
    environment,
    served,
    explained,
    rows,
    equal,
    toTheBit,
    seconds,
    why,
  } of results) {
    const cells = [explained ? "explained" : mark(served), `${equal} of ${rows}`, String(toTheBit), seconds.toFixed(0)];
    table.push([
      repository.slice(0, 40),
      kind,
      mark(inspected),
      explained ? "-" : mark(environment),
      ...cells,
      why.join("\n").slice(0, 400),
    ]);
  }
  return table.toString();
}

function summary(results: readonly Fared[]): { lines: string[]; ok: boolean } {
  const able = results.filter(({ predicts }) => predicts);
  const unable = results.filter(({ predicts }) => !predicts);
  const sum = (key: "rows" | "equal" | "toTheBit"): number => able.reduce((all, one) => all + one[key], 0);
  const [served, explained] = [able.filter(({ served }) => served), unable.filter(({ explained }) => explained)];
  const inspected = results.filter(({ inspected }) => inspected);
  return {
    lines: [
      `inspected right ${inspected.length} of ${results.length}, explained ${explained.length} of ${unable.length} that cannot predict, ${sum("toTheBit")} rows equal to the bit`,
      `served ${served.length} of ${able.length}, rows equal ${sum("equal")} of ${sum("rows")}`,
    ],
    ok:
      served.length === able.length &&
      explained.length === unable.length &&
      inspected.length === results.length &&
      sum("equal") === sum("rows"),
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { json: { type: "boolean" }, only: { type: "string" } },
    allowPositionals: true,
  });
  const folder = resolve(process.env["INIT_CWD"] ?? ".", positionals[0] ?? "");
  if (positionals.length !== 1 || !existsSync(folder)) throw new Error(USAGE);
  const only = values.only?.split(",");
  const chosen = readRepositories(folder).filter(({ name }) => only?.some((part) => name.includes(part)) ?? true);
  if (chosen.length === 0) throw new Error(`No folder there has a facts.json. ${USAGE}`);
  const results = await inParallel(AT_ONCE, chosen, async (repository) => {
    const fared = await tryRepository(repository);
    const outcome = fared.explained ? "explained" : `${mark(fared.served)}, rows equal ${fared.equal} of ${fared.rows}`;
    process.stderr.write(`${repository.name}: served ${outcome} (${fared.seconds.toFixed(0)} s)\n`);
    return fared;
  });
  const { lines, ok } = summary(results);
  if (values.json) process.stdout.write(`${JSON.stringify({ results, summary: lines.at(-1) }, null, 2)}\n`);
  else process.stdout.write(`${table(results)}\n${lines.join("\n")}\n`);
  process.exitCode = ok ? 0 : 1;
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  process.stderr.write(`${(error as Error).message}\n`);
});
