import type { ReloadOutcome } from "../control/reload-route";
import { Problem } from "../problems";

/** What came of a reload, as the primary tells it the worker that asked: a class does not outlive the channel. */
export type ReloadAnswer =
  | { readonly outcomes: readonly ReloadOutcome[] }
  | { readonly problem: Pick<Problem, "problemName" | "members"> }
  | { readonly defect: unknown };

/** In the primary. */
export async function answerOf(outcomes: Promise<readonly ReloadOutcome[]>): Promise<ReloadAnswer> {
  try {
    return { outcomes: await outcomes };
  } catch (error) {
    if (!(error instanceof Problem)) return { defect: error };
    const { problemName, members } = error;
    return { problem: { problemName, members } };
  }
}

/** In the worker, which answers as one process alone does. @throws what the reload threw */
export function outcomesOf(answer: ReloadAnswer): readonly ReloadOutcome[] {
  if ("outcomes" in answer) return answer.outcomes;
  throw "problem" in answer ? new Problem(answer.problem.problemName, answer.problem.members) : answer.defect;
}
