import { type Ending, endWith } from "./exit-codes";
import { interrupted } from "./interruption";
import { paint, say } from "./terminal";

/** What is told of an error, and how the process ends with it. */
export interface Told {
  readonly ending: Ending;
  readonly text: string;
}

/**
 * An error that a person can mend is told by its message, which holds the remedy. By name and not by class, so that
 * telling `--help` from a mistake loads nothing of what could throw.
 */
const known: Readonly<Record<string, Ending>> = {
  AccessError: "findings",
  BundleError: "findings",
  Problem: "findings",
  CannotPrepare: "lacking",
  KeysFileError: "findings",
  PortError: "lacking",
  FileLimitError: "lacking",
  CannotReload: "findings",
  CannotScore: "findings",
  CannotStart: "findings",
  SettingsError: "usage",
  UsageError: "usage",
  YError: "usage", // yargs' own
  // the prompts' own, for Ctrl-C while they ask
  ExitPromptError: "interrupted",
};

export function toldOf(error: unknown): Told {
  if (interrupted.aborted) return { ending: "interrupted", text: "interrupted" };
  const { name, message, stack = message } = error instanceof Error ? error : new Error(String(error));
  const ending = known[name] ?? "defect";
  if (ending === "interrupted") return { ending, text: "interrupted" };
  if (ending === "defect") {
    const what = "This is a defect of Picklepod: please report it, with the lines above and the command.";
    return { ending, text: `${stack}\n${what}` };
  }
  return { ending, text: [message, ...faultsOf(error)].join("\n") };
}

/** A problem with rows names each of their faults. */
function faultsOf(error: unknown): string[] {
  const { members } = error as { members?: { faults?: readonly { pointer: string; detail: string }[] } };
  return (members?.faults ?? []).map(({ pointer, detail }) => `${pointer}: ${detail}`);
}

export function tellError(error: unknown): void {
  const { ending, text } = toldOf(error);
  endWith(ending);
  say(ending === "interrupted" ? text : paint("stderr").red(text));
}
