// Lines over two logarithmic axes, or over two that begin at nothing; each is named where it ends.
import { linear, logarithmic } from "./scales.mjs";
import { colours, drawing, element, line, text } from "./svg.mjs";

const [WIDTH, HEIGHT] = [860, 460];
const BOX = { left: 70, right: 640, top: 66, bottom: 400 };
const NAME_HEIGHT = 14;

/** series: [{id, label, dash?, points: [[x, y], …]}]; what was not measured is undefined or NaN */
export function lineChart({ title, xName, yName, series, xTicks, fromNothing = false }) {
  const drawn = series
    .map((each) => ({ ...each, points: each.points.filter(([x, y]) => x > 0 && y > 0) }))
    .filter(({ points }) => points.length > 0);
  const { x, y } = axes(drawn, fromNothing ? linear : logarithmic);
  const parts = [
    ...(xTicks ?? x.ticks).map((value) =>
      text(x.at(value), BOX.bottom + 18, short(value), { "text-anchor": "middle" }),
    ),
    ...y.ticks.flatMap((value) => [
      line(BOX.left, y.at(value), BOX.right, y.at(value), { stroke: "#dee2e6" }),
      text(BOX.left - 8, y.at(value) + 4, short(value), { "text-anchor": "end" }),
    ]),
    text((BOX.left + BOX.right) / 2, BOX.bottom + 42, xName, { "text-anchor": "middle" }),
    text(16, BOX.top - 20, yName),
    ...drawn.map((each) => path(each, x, y)),
    ...names(drawn, x, y),
  ];
  return drawing(WIDTH, HEIGHT, title, parts);
}

function axes(series, scale) {
  const all = series.flatMap(({ points }) => points);
  const [xs, ys] = [all.map(([value]) => value), all.map(([, value]) => value)];
  return { x: scale(xs, BOX.left, BOX.right, false), y: scale(ys, BOX.bottom, BOX.top, true) };
}

/** More points than these are a curve. */
const MOST_DOTS = 20;

function path({ id, points, dash }, x, y) {
  const d = points.map(([px, py], i) => `${i === 0 ? "M" : "L"}${x.at(px).toFixed(1)} ${y.at(py).toFixed(1)}`).join("");
  const width = id === "picklepod" ? 3 : 1.6;
  const dotted = points.length > MOST_DOTS ? [] : points;
  const dots = dotted.map(([px, py]) => element("circle", { cx: x.at(px), cy: y.at(py), r: width, fill: colours[id] }));
  return (
    element("path", {
      d,
      fill: "none",
      stroke: colours[id],
      "stroke-width": width,
      ...(dash && { "stroke-dasharray": dash }),
    }) + dots.join("")
  );
}

/** At the height of the line's end, pushed apart where they would overlap. */
function names(series, x, y) {
  const ends = series.map(({ id, label, points }) => ({ id, label, last: points.at(-1) }));
  ends.sort((a, b) => y.at(a.last[1]) - y.at(b.last[1]));
  let lowest = -Infinity;
  const placed = ends.map((end) => ({
    ...end,
    height: (lowest = Math.max(y.at(end.last[1]) + 4, lowest + NAME_HEIGHT)),
  }));
  return placed.flatMap(({ id, label, last, height }) => [
    line(x.at(last[0]) + 4, y.at(last[1]), BOX.right + 10, height - 4, { stroke: colours[id], "stroke-width": 0.5 }),
    text(BOX.right + 14, height, label, { fill: colours[id], ...(id === "picklepod" && { "font-weight": 700 }) }),
  ]);
}

const short = (value) => (value >= 1e6 ? `${value / 1e6} M` : value.toLocaleString("en", { maximumFractionDigits: 6 }));
