import { readFileSync } from "node:fs";
import { join } from "node:path";

import { project } from "../src/project";

/** A command of a page, and what it is said to print: `…` stands for anything. */
export interface PageCommand {
  readonly command: string;
  readonly prints: string | undefined;
}

export interface PageSection {
  readonly title: string;
  readonly commands: readonly PageCommand[];
}

/** What a page's `sh` blocks hold, by its second headings. */
export function commandsOf(page: string): PageSection[] {
  const [, ...sections] = readFileSync(join(project.root, page), "utf8").split(/^## /m);
  return sections
    .map((text) => ({
      title: text.split("\n", 1)[0] ?? "",
      commands: [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = ""]) => commandsIn(block)),
    }))
    .filter(({ commands }) => commands.length > 0);
}

const commandsIn = (block: string): PageCommand[] =>
  block
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, command = line, prints] = /^(.*?)\s{2,}# (.*)$/.exec(line) ?? [];
      return { command, prints: command.includes(" > ") ? undefined : prints };
    });

/** How the page's text compares with what was printed. */
export function isPrinted(said: string, printed: string): boolean {
  const pattern = said.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join("[^]*")}$`).test(printed.trim());
}
