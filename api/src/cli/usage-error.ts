/** The command was not understood. Its message says what would be. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
