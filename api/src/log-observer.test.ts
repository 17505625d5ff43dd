import pino from "pino";

import { logObserver } from "./log-observer";
import { Problem, type ProblemName } from "./problems";

/** The line that is written of an answer with this problem. */
function lineOf(problemName: ProblemName, detail: string, time: { ms?: number } = { ms: 1.23456 }): unknown {
  const lines: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) });
  const problem = new Problem(problemName, { detail });
  const answered = { requestId: "r", model: "m", status: problem.status, rows: 1, ...time, problem };
  logObserver(log).answered(answered);
  return lines.map((line) => JSON.parse(line) as unknown);
}

const line = { requestId: "r", model: "m", rows: 1, ms: 1.235, msg: "answered" };

it("tells what went wrong, where that is of our own words", () => {
  expect(lineOf("overloaded", "3 rows wait.")).toEqual([
    { ...line, level: 40, status: 503, problem: "overloaded", detail: "3 rows wait." },
  ]);
});

it("tells no time of what was refused before any was taken", () => {
  expect(lineOf("unauthorized", "Send a key.", {})).toEqual([
    { ...line, ms: undefined, level: 30, status: 401, problem: "unauthorized", detail: "Send a key." },
  ]);
});

it.each<[ProblemName, number, number]>([
  ["malformed", 400, 30],
  ["not-acceptable", 406, 30],
  ["unsupported-media-type", 415, 30],
  ["artifact-failed", 500, 40],
])("%s quotes what was sent: its detail is the caller's alone", (problem, status, level) => {
  expect(lineOf(problem, 'near "ssn":"123"')).toEqual([{ ...line, level, status, problem }]);
});
