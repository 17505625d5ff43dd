/** How the command line ends, for scripts and CI. docs/cli.md holds the same table. */
export const exitCodes = {
  done: { code: 0, meaning: "done" },
  findings: { code: 1, meaning: "what was given has findings; they are told" },
  usage: { code: 2, meaning: "the command was not understood" },
  lacking: {
    code: 3,
    meaning: "this machine lacks something: a Python, uv, the package registry, a port, room on the disk",
  },
  defect: { code: 70, meaning: "a defect of Picklepod" },
  interrupted: { code: 130, meaning: "interrupted" },
} as const;

export type Ending = keyof typeof exitCodes;

/** The process ends so once nothing is left to do: what was written reaches its reader first. */
export function endWith(ending: Ending): void {
  process.exitCode = exitCodes[ending].code;
}
