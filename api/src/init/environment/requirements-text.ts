import { readRequirement } from "../../bundle/requirement";
import { printable } from "../../printable";
import { failed } from "../result";

export interface Requirement {
  readonly name: string;
  readonly spec: string;
  readonly why: string;
  /** The pickle that says this version. */
  readonly from?: string | undefined;
}

/** As a person asks for one. */
export function parseRequirement(text: string): Requirement {
  const { name, spec } = readRequirement(text) ?? { name: text, spec: "" };
  return { name: name.toLowerCase().replaceAll(/[._-]+/g, "-"), spec, why: "asked for" };
}

/**
 * requirements.txt of the bundle: what the lock is made from. What is installed runs, so nothing but packages of the
 * index is ever asked for; and a reason may name a file, which may be called anything.
 * @throws InitFailed where a line would say more than a name and bounds of its version
 */
export function requirementsText(requirements: readonly Requirement[]): string {
  const lines = requirements.map(({ name, spec, why }) => {
    const wanted = `${name}${spec}`;
    if (readRequirement(wanted) === undefined) throw noRequirement(printable(wanted));
    return `${wanted.padEnd(28)} # ${printable(why)}`;
  });
  return `${lines.join("\n")}\n`;
}

const noRequirement = (wanted: string): Error =>
  failed(
    "usage",
    `"${wanted}" is more than a package's name and bounds of its version: it is not installed.`,
    "Say what is needed with --require NAME==VERSION.",
  );
