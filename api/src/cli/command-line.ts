import { readFileSync } from "node:fs";
import { join } from "node:path";

import yargs, { type Argv } from "yargs";

import { nearest } from "../bundle/nearest";
import { project } from "../project";
import { completeBundles } from "./completion";
import { exitCodes } from "./exit-codes";
import { UsageError } from "./usage-error";
import { verbNames, verbs } from "./verbs";

const DESCRIPTION =
  "picklepod <verb>\n\nServes the pickles you already have, in the Python and libraries that wrote them.";

const EXAMPLES: readonly [string, string][] = [
  ["$0 inspect mine/", "what is in these pickles, without running them"],
  ["$0 init mine/", "a bundle of them in models/mine: asks what no file can tell"],
  ["$0 check mine", "everything that can be said of the bundle"],
  ["$0 serve mine", "serve it on port 8080"],
];

const endings = Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`);
const EPILOGUE = `Ends with:\n${endings.join("\n")}\n\n\`$0 <verb> --help\` shows examples of each verb; docs/cli.md is the page about them.`;

/** Runs the verb that the words name. Rejects with what is to be told: nothing is printed or ended here. */
export async function runCommandLine(words: readonly string[]): Promise<void> {
  await createParser(words).parseAsync([...words]);
}

function createParser(words: readonly string[]): Argv {
  const parser = yargs()
    .scriptName("picklepod")
    .usage(DESCRIPTION)
    .detectLocale(false) // our own words are English, and so are yargs' then
    .parserConfiguration({ "greedy-arrays": false, "dot-notation": false, "boolean-negation": false })
    .version(version())
    .help()
    .alias({ h: "help", v: "version" })
    .strict()
    .recommendCommands()
    .demandCommand(1, `Say what to do: ${verbNames.join(", ")}.`)
    .check((given) => refuseTwice(given, parser))
    .epilogue(EPILOGUE)
    .wrap(Math.min(100, process.stdout.columns || 100))
    .exitProcess(false)
    .fail((message, error) => {
      // yargs' types promise an error always; it gives none for what it found itself
      if ((error as Error | undefined) && error.name !== "YError") throw error;
      throw new UsageError(withSuggestion(message, words[0] ?? "", optionsOf(parser)));
    });
  for (const [command, says] of EXAMPLES) parser.example(command, says);
  for (const verb of verbs) parser.command(verb);
  const what = "print a script that completes verbs, options and bundles in bash or zsh";
  return parser.completion("completion", what, completeBundles);
}

const version = (): string =>
  (JSON.parse(readFileSync(join(project.root, "package.json"), "utf8")) as { version: string }).version;

/** An option that takes one value and is given two is a slip, and no list. */
function refuseTwice(given: Readonly<Record<string, unknown>>, parser: Argv): true {
  const lists = ["_", ...knownTo(parser).array];
  const twice = Object.keys(given).find((name) => Array.isArray(given[name]) && !lists.includes(name));
  if (twice === undefined) return true;
  throw new UsageError(`--${twice} was given more than once: it takes one value`);
}

/** The options of the verb that is being read. */
const optionsOf = (parser: Argv): string[] => Object.keys(knownTo(parser).key).filter((name) => name.length > 1);

interface Known {
  readonly key: Readonly<Record<string, unknown>>;
  readonly array: readonly string[];
}

const knownTo = (parser: Argv): Known => (parser as Argv & { getOptions: () => Known }).getOptions();

/** What yargs says, with the word that was probably meant and where to read on. */
function withSuggestion(message: string, verb: string, options: readonly string[]): string {
  const isVerb = verbNames.includes(verb);
  const page = isVerb ? `\`picklepod ${verb} --help\`` : "`picklepod --help`";
  if (message.startsWith("Did you mean")) return `There is no verb ${verb}. ${message} See ${page}.`;
  if (message.startsWith("Not enough non-option")) return `${verb} takes more: ${usageOf(verb)}. See ${page}.`;
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(", ");
  if (!unknown) return `${message.replaceAll("\n", " ")}${/[.?]$/.test(message) ? "" : "."} See ${page}.`;
  if (!isVerb && !verb.startsWith("-")) return `There is no verb ${verb}. See ${page}.`;
  return (
    unknown.map((word) => `${isVerb ? verb : "picklepod"} does not know ${word}.${meant(word, options)}`).join(" ") +
    ` See ${page}.`
  );
}

const usageOf = (verb: string): string =>
  `picklepod ${String(verbs.find(({ command }) => String(command).startsWith(`${verb} `))?.command)}`;

function meant(word: string, options: readonly string[]): string {
  const name = nearest(word, options);
  return name === undefined ? "" : ` Did you mean --${name}?`;
}
