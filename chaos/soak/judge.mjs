// From samples and tallies to figures.
import { median } from "../../bench/load/percentiles.mjs";
import { atLeast, atMost, exactly } from "../goals.mjs";

/**
 * Large bodies come and go for longer than a minute: out of a soak of half an hour, whose slope was 2 MB, the slopes of ten
 * minutes had a standard deviation of 2.8 MB with windows of one minute, and of 2.0 with windows of two.
 */
const WINDOW_SECONDS = 120;
const TEN_MINUTES = 600;
/** Under this, what lives says more of what V8 has just compiled than of a leak, and is not judged. */
const JUDGED_SECONDS = 480;
/**
 * Under this the slope of RSS is not judged. By what the allocator keeps it goes up and down with large bodies: slopes of ten minutes
 * out of that soak went from -2 to 8 MB.
 */
export const SLOPE_SECONDS = 1_500;

/** What Python says of an exception that nobody took, and Node of a rejection or of a leak. */
const UNHANDLED = /Traceback|never retrieved|never awaited|unhandled|uncaught|\w+Warning\b/i;
const ERROR = 50; // pino's number for it

/**
 * Megabytes that memory grows in ten minutes. Of each window the least counts, for what comes and goes with large bodies is no
 * leak; and of all pairs of windows the median slope (Theil and Sen), so that no single one bends it.
 */
export function slopeOf(samples) {
  const windows = new Map();
  for (const { seconds, rssMb } of samples) {
    const window = Math.floor(seconds / WINDOW_SECONDS);
    windows.set(window, Math.min(rssMb, windows.get(window) ?? Infinity));
  }
  const points = [...windows].map(([window, rssMb]) => [window * WINDOW_SECONDS, rssMb]);
  const slopes = points.flatMap(([x, y], i) => points.slice(i + 1).map(([x2, y2]) => (y2 - y) / (x2 - x)));
  return slopes.length === 0 ? NaN : median(slopes) * TEN_MINUTES;
}

/**
 * Figures of every process. Descriptors are compared idle with idle: while clients are there, sockets come and go.
 * @param before, after [{pid, role, fds}] when nobody calls; samples [{seconds, pid, rssMb}] of the time between
 */
export function judgeProcesses({ samples, seconds, before, after }) {
  const figures = before.flatMap(({ pid, role, fds }) => {
    const now = after.find((each) => each.pid === pid);
    const own = samples.filter((sample) => sample.pid === pid);
    const memory = atMost(`${role}: memory grown in 10 min`, slopeOf(own), 1, " MB");
    const judged = seconds < SLOPE_SECONDS ? [] : [memory];
    return [...judged, atMost(`${role}: descriptors when idle again`, now?.fds, fds)];
  });
  return [...figures, exactly("processes at the end", pidsOf(after), pidsOf(before))];
}

const pidsOf = (processes) => processes.map(({ role, pid }) => `${role} ${pid}`).join(", ");

/** Code that is compiled anew for each call would be some hundreds of megabytes; what V8 still finds to compile, one or two. */
const MOST_CODE_MB = 4;

/**
 * What the API still holds when nobody calls and all garbage is gone: megabytes, of ten minutes.
 * @param before, after {live, code}
 */
export function judgeLiveMemory(before, after, seconds) {
  if (seconds < JUDGED_SECONDS) return [];
  const grown = (of) => ((after[of] - before[of]) * TEN_MINUTES) / seconds;
  return [
    atMost("API: live memory grown in 10 min", grown("live"), 1, " MB"),
    atMost("API: compiled code grown in 10 min", grown("code"), MOST_CODE_MB, " MB"),
  ];
}

/**
 * Of a hundred calls so many are answered rightly, though a refusal in time is no fault: who refuses everybody serves nobody. The
 * load asks for 6,000 rows a second, half of them for clients that leave, and two processors left alone answer all of it. Where
 * others take from them, what is large is refused first, and there is little of it: of the three calls of 10,000 rows in a short run
 * one may be, of the six streams one, of the thirteen with a bad line two.
 */
const LEAST_RIGHT = {
  "single rows": 95,
  "200 rows": 90,
  "10,000 rows": 60,
  streams: 80,
  "gzip streams": 80,
  "bad lines": 80,
};

/** Figures of what the clients saw; a call that never ended is in `sent` alone. */
export function judgeAnswers(tallies) {
  const total = (field) => Object.values(tallies).reduce((sum, tally) => sum + tally[field], 0);
  return [
    atLeast("calls", total("sent"), 1),
    exactly("answers that were wrong", total("wrong"), 0),
    exactly("calls that never ended", total("sent") - total("right") - total("refused") - total("wrong"), 0),
    ...Object.entries(LEAST_RIGHT).map(([name, least]) =>
      atLeast(`${name}: right`, rightShare(tallies[name]), least, " %"),
    ),
  ];
}

/** Of none, NaN. */
const rightShare = ({ sent, right } = {}) => (right * 100) / sent;

/** Of the log, and of what was written to stderr, what nobody handled. */
export const complaintsOf = ({ log, errors }) => [
  ...log.filter(({ level, msg }) => level >= ERROR || UNHANDLED.test(msg)).map((line) => JSON.stringify(line)),
  ...errors.filter((line) => UNHANDLED.test(line)),
];
