/** What is lacking: another Python or other versions may do where it is not `else`. */
export type Lack = "python" | "wheels" | "else";

/** Why an environment cannot be had, and what a person can do about it. Its message holds both. */
export class CannotPrepare extends Error {
  override readonly name = "CannotPrepare";

  constructor(
    readonly problem: string,
    readonly remedy: string,
    readonly lack: Lack = "else",
  ) {
    super(`${problem}\n${remedy}`);
  }
}

/** The one that every wheel exists for. */
export const isUsualPlatform = () => process.platform === "linux" && process.arch === "x64";
