import type { Place } from "../inspect/inspection";
import type { PinTools } from "../pin/pin";

/** What stands in the way, and what to do about it. The codes are inspect's, and those of what comes after it. */
export interface InitFinding {
  readonly code: string;
  readonly file: string | undefined;
  readonly message: string;
  readonly remedy: string;
}

export type InitResult = Made | { readonly ok: false; readonly findings: readonly InitFinding[] };

/** A bundle that serves. */
export interface Made {
  readonly ok: true;
  /** As it is best written from where the command was given. */
  readonly folder: string;
  readonly name: string;
  readonly python: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly predictor: Place;
  readonly transformers: readonly Place[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** What was guessed, and what a person should know. */
  readonly notes: readonly string[];
  readonly serve: string;
  readonly curl: string;
  /** What that call will answer; undefined where it is too long to be shown. */
  readonly answer: string | undefined;
}

/** How the command ends: the number of its exit code. */
export function exitCodeOf(result: InitResult): 0 | 1 | 2 | 3 {
  if (result.ok) return 0;
  const codes = result.findings.map(({ code }) => code);
  return codes.includes("usage") ? 2 : codes.includes("environment") ? 3 : 1;
}

export interface InitTools extends PinTools {
  /** The questions of a terminal; undefined where nobody can be asked. */
  readonly wizard?: Wizard | undefined;
}

export interface Question {
  readonly message: string;
  readonly default?: string | undefined;
}

export interface Wizard {
  readonly choose: (question: { message: string; choices: readonly string[] }) => Promise<number>;
  readonly ask: (question: Question & { validate: (text: string) => true | string }) => Promise<string>;
  readonly confirm: (message: string) => Promise<boolean>;
}

/** Thrown anywhere on the way; `init` makes a result of it. */
export class InitFailed extends Error {
  override readonly name = "InitFailed";

  constructor(readonly findings: readonly InitFinding[]) {
    super(findings.map(({ message, remedy }) => `${message} ${remedy}`).join("\n"));
  }
}

export const failed = (code: string, message: string, remedy: string, file?: string): InitFailed =>
  new InitFailed([{ code, file, message, remedy }]);
