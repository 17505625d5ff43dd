import { type Deadline, holdDeadline } from "../src/predict/deadline";

export function startDeadline(timeoutMs: number): Deadline {
  const deadline = holdDeadline(() => timeoutMs);
  deadline.start(timeoutMs);
  return deadline;
}
