import { cpSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import type { FolderInspection } from "../../src/inspect/inspection";
import { temporaryFolder } from "../bundle-copy";
import { picklepod } from "./command-line";
import { compareInspection } from "./compare-inspection";
import type { RowsCompared } from "./compare-rows";
import { type Expectation, expectationsOf, type Facts, type Repository } from "./facts";
import { askBundle, initSaid, type InitSaid, isMadeOf, takesItsRows } from "./serve-expectation";

/** How a repository fared. */
export interface Fared {
  readonly repository: string;
  readonly kind: string;
  readonly predicts: boolean;
  readonly inspected: boolean;
  readonly environment: boolean;
  readonly served: boolean;
  /** For what cannot predict: the reason was told, and it is the right one. */
  readonly explained: boolean;
  readonly rows: number;
  readonly equal: number;
  readonly toTheBit: number;
  readonly seconds: number;
  readonly why: readonly string[];
}

/** From its artifacts alone, in an otherwise empty folder, to rows compared. */
export async function tryRepository({ name, folder, facts }: Repository): Promise<Fared> {
  const began = performance.now();
  const work = temporaryFolder();
  const artifacts = join(work, "artifacts");
  for (const file of Object.keys(facts.files)) {
    mkdirSync(dirname(join(artifacts, file)), { recursive: true });
    cpSync(join(folder, file), join(artifacts, file));
  }
  try {
    const inspection = (await picklepod(["inspect", artifacts])).json as FolderInspection | undefined;
    const unlike = inspection ? compareInspection(facts, inspection) : ["inspect said no JSON"];
    const made = await makeBundles(artifacts, work, facts);
    const head = { repository: name, kind: facts.kind, predicts: facts.predicts, inspected: unlike.length === 0 };
    return { ...head, ...made, why: [...unlike, ...made.why], seconds: (performance.now() - began) / 1000 };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

type Made = Pick<Fared, "environment" | "served" | "explained" | "rows" | "equal" | "toTheBit" | "why">;

async function makeBundles(artifacts: string, work: string, facts: Facts): Promise<Made> {
  const expectations = expectationsOf(facts);
  const first = initSaid(await picklepod(["init", artifacts, "--yes", "--out", join(work, "first")]));
  if (!first.ok) return notMade(first, facts, expectations);
  const results = await askAll(first, artifacts, work, expectations);
  const compared = results.flatMap((result) => result.compared);
  const sum = (key: "rows" | "equal" | "toTheBit"): number => compared.reduce((all, one) => all + one[key], 0);
  const faults = results.flatMap(({ fault }) => fault ?? []);
  return {
    environment: true,
    served: faults.length === 0,
    explained: false,
    rows: expectations.reduce((all, { rows }) => all + rows.length, 0),
    equal: sum("equal"),
    toTheBit: sum("toTheBit"),
    why: [...faults, ...compared.flatMap(({ difference }) => difference ?? [])],
  };
}

interface Asked {
  readonly compared: readonly RowsCompared[];
  readonly fault: string | undefined;
}

/** The bundle that init makes unasked answers what is expected of its files; the others are made by naming theirs. */
async function askAll(
  first: InitSaid,
  artifacts: string,
  work: string,
  expectations: readonly Expectation[],
): Promise<Asked[]> {
  const results: Asked[] = [];
  const own = expectations.filter((expected) => isMadeOf(first, expected) && takesItsRows(first, expected));
  results.push(await askBundle(first, own).catch(asFault));
  for (const [i, expected] of expectations.filter((expected) => !own.includes(expected)).entries()) {
    const transformer = expected.transformer === undefined ? [] : ["--transformer", expected.transformer];
    const flags = ["--predictor", expected.predictor, ...transformer, "--out", join(work, `other-${i}`)];
    const said = initSaid(await picklepod(["init", artifacts, "--yes", ...flags]));
    results.push(
      said.ok
        ? await askBundle(said, [expected]).catch(asFault)
        : { compared: [], fault: `${expected.predictor}: ${textOf(said)}` },
    );
  }
  return results;
}

const asFault = (error: unknown): Asked => ({ compared: [], fault: (error as Error).message.slice(0, 500) });

const textOf = ({ findings }: InitSaid): string =>
  findings.map(({ code, file, message }) => `${code}: ${file ?? ""} ${message}`).join("; ");

function notMade(said: InitSaid, facts: Facts, expectations: readonly Expectation[]): Made {
  const rows = expectations.reduce((all, { rows }) => all + rows.length, 0);
  const environment = !said.findings.some(({ code }) => code === "environment");
  const explained = !facts.predicts && isRightReason(said, facts);
  return { environment, served: false, explained, rows, equal: 0, toTheBit: 0, why: [textOf(said)] };
}

/** Custom code is named, every piece; a transformer without its model, or no estimator at all, is told as such. */
function isRightReason({ findings }: InitSaid, { kind, blocked_by }: Facts): boolean {
  const codes = findings.map(({ code }) => code);
  const told = findings.map(({ message, remedy }) => `${message} ${remedy}`).join(" ");
  if (blocked_by.length > 0) return codes.includes("custom-code") && blocked_by.every((name) => told.includes(name));
  if (kind.startsWith("transformer(s) only")) return codes.includes("no-predictor");
  return codes.some((code) => ["unreadable", "no-estimator", "no-predictor"].includes(code));
}
