// What was seen, as plots and as a table.
import { lineChart } from "../../bench/report/line-chart.mjs";
import { digits, table } from "../../bench/report/numbers.mjs";
import { forms } from "./plan.mjs";

const DASHES = { new: "2 3", many: "7 3" };
const PLOTS = [
  "![Right answers within a second, against what is offered](benchmarks/overload-goodput.svg)",
  "![p99 of what is answered, against what is offered](benchmarks/overload-latency.svg)",
];

/** {[file]: text} */
export function drawings({ servers }) {
  const xName = "requests offered a second";
  const chart = (title, yName, field) => lineChart({ title, xName, yName, series: series(servers, field) });
  return {
    "overload-goodput.svg": chart(
      "Right answers within a second, against what is offered",
      "answers/s (none: 1)",
      "goodput",
    ),
    "overload-latency.svg": chart("p99 of what is answered with 200, against what is offered", "ms", "p99"),
  };
}

const series = (servers, field) =>
  servers.flatMap(({ id, label, curves }) =>
    curves.map(({ form, points }) => ({
      ...{ id, label: `${label}, ${markOf(form)}`, dash: DASHES[form] },
      points: points.map((point) => [point.rate, drawn(point[field])]),
    })),
  );

/** A logarithmic axis has no place for none, and a line that falls to nothing must not end where it was last seen. */
const drawn = (value) => (value === 0 ? 1 : value);

const markOf = (form) => forms.find(({ id }) => id === form).mark;

/** What stands between the page's marks. */
export function pageText(results) {
  const tables = forms.map(({ id, name }) => `### ${name}\n\n${tableOf(results, id)}\n\n${seenText(results, id)}`);
  return [PLOTS.join("\n"), howText(results), ...results.missing.map(missingText), ...tables].join("\n\n");
}

function howText({ date, plan, cores }) {
  const where =
    cores === undefined
      ? "Servers and load shared the cores, for there was no `taskset` or no second core."
      : "Each server with all that it starts had one core, and the load the other cores: the same for all.";
  const counted = `of each line's ${plan.settleSeconds + plan.seconds} s the last ${plan.seconds} count, for those who wait take time to become many`;
  return `${date}; ${counted}. ${where}`;
}

const missingText = ({ label, reason }) => `${label} was not measured: ${reason}`;

/** Nothing is said of what lies beyond the last row. */
export function seenText({ servers }, form) {
  const seen = servers.flatMap(({ label, peak, curves }) => {
    const last = pointsOf(curves, form).findLast(({ goodput }) => goodput !== undefined);
    if (last === undefined) return [];
    return [`${label} at ${last.times} x gives ${shareOf(last, peak)} of its peak, ${last.wrong} answers wrong`];
  });
  return seen.length === 0 ? "None was offered." : `The last that was offered: ${seen.join("; ")}.`;
}

const pointsOf = (curves, form) => curves.find((curve) => curve.form === form)?.points ?? [];
const shareOf = ({ goodput }, peak) => `${digits((goodput / peak) * 100)} %`;

const HEAD = ["server", "of its peak", "offered/s", "good/s", "of the peak", "p50, ms", "p99, ms"];

export function tableOf({ servers }, form) {
  const lines = servers.flatMap(({ label, peak, curves }) =>
    pointsOf(curves, form).map((point) => [label, `${point.times} x`, digits(point.rate), ...cellsOf(point, peak)]),
  );
  return table([...HEAD, "refused", "504", "hung up after 2 s", "failed", "wrong"], lines);
}

function cellsOf(point, peak) {
  const { lagP99, goodput, p50, p99, refused, expired, unanswered, others, wrong } = point;
  if (goodput === undefined) return [`not offered: ${digits(lagP99)} ms late`, ...Array(8).fill("")];
  const counts = [refused, expired, unanswered, others, wrong].map(String);
  return [digits(goodput), shareOf(point, peak), digits(p50), digits(p99), ...counts];
}
