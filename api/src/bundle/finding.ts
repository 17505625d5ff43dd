/** Something wrong in a bundle: where it is, what it is, and how to mend it. */
export interface Finding {
  readonly file: string;
  readonly line?: number | undefined;
  readonly message: string;
  readonly remedy: string;
}

/** Every finding of every bundle, in one error. */
export class BundleError extends Error {
  constructor(readonly findings: readonly Finding[]) {
    super(findings.map(findingText).join("\n"));
    this.name = "BundleError";
  }
}

export function findingText({ file, line, message, remedy }: Finding): string {
  return `${file}${line === undefined ? "" : `:${line}`}: ${message}. ${remedy}`;
}
