// Two bars for each server, one over the other.
import { colours, drawing, element, line, text } from "./svg.mjs";

const [WIDTH, LEFT, RIGHT, ROW, TOP] = [860, 250, 780, 34, 60];

/** bars: [{id, label, idle, peak}] */
export function barChart({ title, unit, bars }) {
  const most = Math.max(...bars.flatMap(({ idle, peak }) => [idle, peak ?? 0]));
  const at = (value) => LEFT + (value / most) * (RIGHT - LEFT);
  const height = TOP + bars.length * ROW + 16;
  const parts = bars.flatMap(({ id, label, idle, peak }, i) => {
    const y = TOP + i * ROW;
    const bar = (value, dy, opacity) =>
      element("rect", { x: LEFT, y: y + dy, width: at(value) - LEFT, height: 11, fill: colours[id], opacity });
    const amount = (value, dy) =>
      text(at(value) + 6, y + dy + 10, Math.round(value).toLocaleString("en"), { "font-size": 11 });
    return [
      text(LEFT - 10, y + 15, label, { "text-anchor": "end", ...(id === "picklepod" && { "font-weight": 700 }) }),
      ...[bar(idle, 0, 0.45), amount(idle, 0)],
      ...(peak === undefined ? [] : [bar(peak, 12, 1), amount(peak, 12)]),
    ];
  });
  const legend = text(LEFT, TOP - 14, `${unit}: upper bar idle, lower bar the most that was seen under load`, {
    fill: "#495057",
  });
  return drawing(WIDTH, height, title, [
    legend,
    line(LEFT, TOP - 4, LEFT, height - 12, { stroke: "#adb5bd" }),
    ...parts,
  ]);
}
