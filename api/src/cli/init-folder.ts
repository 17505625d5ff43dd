import { basename } from "node:path";

import { init } from "../init/init";
import { exitCodeOf, type InitResult } from "../init/result";
import type { InitFlags } from "./init";
import { answersOf } from "./init-answers";
import { paint, print, printJson, say } from "./terminal";
import { createTools } from "./tools";
import { UsageError } from "./usage-error";
import { wizard } from "./wizard";

/** From a folder of pickles to a bundle that serves. */
export async function initFolder(flags: InitFlags): Promise<void> {
  const result = await resultOf(flags);
  process.exitCode = exitCodeOf(result);
  if (flags.json) printJson(result);
  else if (result.ok) print(readable(result));
  else tellFindings(result.findings);
}

/** With --json a command that was not understood is an object like any other answer. */
async function resultOf(flags: InitFlags): Promise<InitResult> {
  try {
    const answers = answersOf(flags);
    const mayAsk = !flags.yes && !flags.json && process.stdin.isTTY;
    return await init(flags.folder, answers, { ...createTools(), wizard: mayAsk ? wizard : undefined });
  } catch (error) {
    if (!flags.json || !(error instanceof UsageError)) throw error;
    const finding = { code: "usage", file: undefined, message: error.message, remedy: "See picklepod init --help" };
    return { ok: false, findings: [finding] };
  }
}

type Made = Extract<InitResult, { ok: true }>;

function readable({ folder, notes, serve, curl, answer }: Made): string {
  const { bold, dim, green } = paint("stdout");
  return [
    `${green("✓")} ${bold(folder)} serves`,
    ...notes.map((note) => `  ${note}`),
    "",
    serve,
    curl,
    ...(answer === undefined ? [] : [dim(answer)]),
  ].join("\n");
}

function tellFindings(findings: Extract<InitResult, { ok: false }>["findings"]): void {
  const { red } = paint("stderr");
  for (const { file, message, remedy } of findings) {
    const isTold = file === undefined || message.includes(basename(file));
    say(`${red("✗")} ${isTold ? "" : `${file}: `}${message}`);
    if (remedy !== "") say(`  ${remedy}`);
  }
}
