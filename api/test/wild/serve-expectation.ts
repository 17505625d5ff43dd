import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Pinned } from "../../src/bundle/description";
import { ask, json } from "../../src/check/ask";
import { startReady } from "../start-picklepod";
import { type Said, picklepod } from "./command-line";
import { compareRows, type RowsCompared } from "./compare-rows";
import type { Expectation } from "./facts";

interface Place {
  readonly file: string;
  readonly key: readonly (string | number)[];
}

interface InitFinding {
  readonly code: string;
  readonly file?: string;
  readonly message: string;
  readonly remedy: string;
}

/** What `init --json` says. */
export interface InitSaid {
  readonly ok: boolean;
  readonly folder: string;
  readonly name: string;
  readonly predictor: Place;
  readonly transformers: readonly Place[];
  readonly inputs: readonly string[];
  readonly findings: readonly InitFinding[];
}

export const initSaid = ({ json: said, code, stderr }: Said): InitSaid => {
  if (typeof said === "object" && said !== null && "ok" in said) return said as InitSaid;
  const message = `init said no JSON (exit code ${String(code)}): ${stderr.slice(-500)}`;
  return { ...NOTHING, findings: [{ code: "defect", message, remedy: "" }] };
};

const NOTHING = { ok: false, folder: "", name: "", predictor: { file: "", key: [] }, transformers: [], inputs: [] };

const written = ({ file, key }: Place): string => [file, ...key].join("#");

/** Whether the bundle is made of those files: of several transformers the expectation names one. */
export const isMadeOf = (said: InitSaid, { predictor, transformer }: Expectation): boolean =>
  written(said.predictor) === predictor &&
  (transformer === undefined
    ? said.transformers.length === 0
    : said.transformers.some((place) => written(place) === transformer));

/** Whether the rows are what that bundle asks for: more may stand before a transformer than an expectation knows of. */
export const takesItsRows = ({ inputs }: InitSaid, { rows }: Expectation): boolean =>
  rows.every(
    (row) => typeof row === "string" || Array.isArray(row) || Object.keys(row).every((name) => inputs.includes(name)),
  );

/** Checked, served, asked. */
export async function askBundle(
  said: InitSaid,
  expectations: readonly Expectation[],
): Promise<{ compared: RowsCompared[]; fault: string | undefined }> {
  const checked = await picklepod(["check", said.folder]);
  if (checked.code !== 0) return { compared: [], fault: `check: ${JSON.stringify(checked.json).slice(0, 300)}` };
  const server = await startReady({ models: [said.folder] });
  try {
    const compared: RowsCompared[] = [];
    for (const expected of expectations) compared.push(await askRows(server.url, said, expected));
    return { compared, fault: undefined };
  } finally {
    await server.stop();
  }
}

async function askRows(url: string, said: InitSaid, expected: Expectation): Promise<RowsCompared> {
  const outputOf = outputsByMethod(said.folder);
  if (expected.rows.length === 0) return { rows: 0, equal: 0, toTheBit: 0, difference: undefined };
  const body = JSON.stringify(expected.rows.map((row) => asRow(row, said.inputs)));
  const answer = await ask(`${url}/models/${said.name}/predictions`, { body });
  if (answer.status !== 200) {
    return {
      rows: expected.rows.length,
      equal: 0,
      toTheBit: 0,
      difference: `${answer.status}: ${answer.text.slice(0, 300)}`,
    };
  }
  const { predictions } = json(answer) as { predictions: Readonly<Record<string, unknown>>[] };
  return compareRows(expected, predictions, outputOf);
}

/** By name, or in the order of the inputs, or as the one text. */
function asRow(row: Expectation["rows"][number], inputs: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof row === "string") return { [inputs[0] ?? "text"]: row };
  if (!Array.isArray(row)) return row as Readonly<Record<string, unknown>>;
  return Object.fromEntries(row.map((cell: unknown, i) => [inputs[i] ?? String(i), cell]));
}

/** Which output shows what a method of the predictor gave, whole. */
function outputsByMethod(folder: string): Map<string, string> {
  const { steps, outputs } = JSON.parse(readFileSync(join(folder, "bundle.json"), "utf8")) as Pinned;
  return new Map(
    outputs.flatMap(({ name, from, column }) => {
      const step = steps.find((step) => step.output === from);
      return step === undefined || column !== undefined ? [] : [[step.kind, name] as const];
    }),
  );
}
