import { confirm, input, select } from "@inquirer/prompts";

import type { Wizard } from "../init/result";
import { interrupted } from "./interruption";

/** Questions go to stderr: stdout is for the result. */
const context = { output: process.stderr, signal: interrupted };

/** Asks at the terminal. Ctrl-C there ends the command as it does everywhere. */
export const wizard: Wizard = {
  choose: ({ message, choices }) =>
    select({ message, choices: choices.map((name, value) => ({ name, value })), loop: false }, context),
  ask: ({ message, default: proposed, validate }) =>
    input({ message, validate, ...(proposed !== undefined && { default: proposed }) }, context),
  confirm: (message) => confirm({ message }, context),
};
