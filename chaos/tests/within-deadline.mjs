// Whoever asks is told something within the default deadline.
import { atMost } from "../goals.mjs";

const DEADLINE_MS = 1_000;
/** A millisecond for the row, and what scheduling on a shared machine adds. */
const SLACK_MS = 150;

export const withinDeadline = (what, ms) =>
  atMost(
    `${what}, of a deadline of ${DEADLINE_MS} ms and ${SLACK_MS} for a busy machine`,
    ms,
    DEADLINE_MS + SLACK_MS,
    " ms",
  );
