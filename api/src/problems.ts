import type { ServerResponse } from "node:http";

/** Every error that a caller can receive: its status and its title, which never changes for one type (RFC 9457). */
const problems = {
  malformed: { status: 400, title: "The request could not be read" },
  unauthorized: { status: 401, title: "A valid API key is needed" },
  forbidden: { status: 403, title: "The caller may not do this" },
  "not-found": { status: 404, title: "There is nothing at this address" },
  "method-not-allowed": { status: 405, title: "This address does not take this method" },
  "not-acceptable": { status: 406, title: "No form of the answer that you accept can be given" },
  "reload-refused": { status: 409, title: "A changed bundle does not go live" },
  "client-idle": { status: 408, title: "The client neither sent nor read for too long" },
  "body-too-large": { status: 413, title: "The body is larger than is taken" },
  "answer-too-large": { status: 413, title: "The answer would be larger than is given in one piece" },
  "unsupported-media-type": { status: 415, title: "The body's media type is not one that is read here" },
  "invalid-rows": { status: 422, title: "The rows are not what the model takes" },
  "not-finite": { status: 422, title: "The model's answer to these rows is not a finite number" },
  "quota-exceeded": { status: 429, title: "More was asked for than the caller may in this time" },
  "headers-too-large": { status: 431, title: "The headers are larger or more than are taken" },
  // for the log alone: nobody is there to receive it
  "client-gone": { status: 499, title: "The client closed its connection" },
  internal: { status: 500, title: "Picklepod failed" },
  "artifact-failed": { status: 500, title: "The model's own code raised an error for these rows" },
  "sidecar-fault": { status: 502, title: "The sidecar's reply was not a valid answer" },
  unavailable: { status: 503, title: "The model is not available now" },
  overloaded: { status: 503, title: "More rows are waiting than can be taken" },
  "deadline-exceeded": { status: 504, title: "The answer was not ready within the deadline" },
} as const;

export type ProblemName = keyof typeof problems;
export const problemNames = Object.keys(problems) as ProblemName[];

/** One fault of a request: `pointer` is a JSON Pointer fragment into its body, for example `#/0/x12`. */
export interface Fault {
  readonly detail: string;
  readonly pointer: string;
}

interface ProblemMembers {
  /** What happened and how to mend it. */
  readonly detail: string;
  readonly faults?: readonly Fault[];
  /** How many faults were found in all, where not every one is listed. */
  readonly faultCount?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of this problem alone. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** It has no stack: it tells a caller what to do, and taking one cost more than all else of turning a call away (22 us). */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;

  constructor(
    readonly problemName: ProblemName,
    readonly members: ProblemMembers,
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(members.detail);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = "Problem";
    this.status = problems[problemName].status;
    this.title = problems[problemName].title;
  }
}

export const clientGone = (): Problem =>
  new Problem("client-gone", { detail: "The client closed its connection before the answer." });

/** A reply lists at most so many faults, and is at most so many bytes long: 200,000 wrong cells once made 37.7 MB. */
export const MAX_FAULTS_LISTED = 100;
const MAX_PROBLEM_BYTES = 64 * 1024;

export function problemBody(problem: Problem, requestId: string): string {
  const { detail, faults = [], faultCount = faults.length, more } = problem.members;
  for (let listed = Math.min(faults.length, MAX_FAULTS_LISTED); ; listed = Math.floor(listed / 2)) {
    const body = JSON.stringify({
      type: `urn:picklepod:problem:${problem.problemName}`,
      title: problem.title,
      status: problem.status,
      detail,
      instance: `urn:picklepod:request:${requestId}`,
      ...(faults.length > 0 && { errors: faults.slice(0, listed) }),
      ...(faultCount > listed && { errors_not_listed: faultCount - listed }),
      ...more,
    });
    if (listed === 0 || Buffer.byteLength(body) <= MAX_PROBLEM_BYTES) return body;
  }
}

/** A contract's own error, which stands in for the problem. */
export interface OwnError {
  readonly status: number;
  readonly body: string;
}

/** The one place that writes an error to a caller. */
export function writeProblem(response: ServerResponse, problem: Problem, requestId: string, own?: OwnError): void {
  response.end(beginProblem(response, problem, requestId, own));
}

/** Sets the head of an error's answer, and gives the body that is to follow it. */
export function beginProblem(response: ServerResponse, problem: Problem, requestId: string, own?: OwnError): string {
  const body = own?.body ?? problemBody(problem, requestId);
  response.writeHead(own?.status ?? problem.status, {
    ...problem.members.headers,
    "content-type": own ? "application/json" : "application/problem+json",
    "content-length": Buffer.byteLength(body),
  });
  return body;
}

/** What is told of an error, and what was thrown where that was a defect of ours. */
export function failureOf(error: unknown): { readonly problem: Problem; readonly defect?: unknown } {
  const problem = asProblem(error);
  return problem === error ? { problem } : { problem, defect: error };
}

/** An error that is not a Problem is a defect of ours: the caller learns that, and its text goes to the log alone. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem("internal", { detail: "This is a defect of Picklepod. The log names it under the request's id." });
}
