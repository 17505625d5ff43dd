// A tree of samples as an SVG flame graph. py-spy and others write one with a script in it and a page's own colours; nothing
// that is kept alive writes one from a .cpuprofile: these lines do both alike, and the picture can be read where no script runs.
import { drawing, element, text } from "../report/svg.mjs";

const [WIDTH, LINE, MARGIN, KEY_TOP] = [1200, 17, 10, 36];
/** Narrower frames cannot be seen. */
const LEAST_WIDTH = 0.6;
const CHARACTER_WIDTH = 6.4;

/** @param colourOf of a frame's kind; the key stands below the title */
export function flameGraph({ title, tree, colourOf, key }) {
  const scale = (WIDTH - 2 * MARGIN) / tree.value;
  const frames = placed(tree, 0, MARGIN, scale);
  const names = keyOf(key);
  const depth = Math.max(...frames.map((frame) => frame.depth));
  const height = names.at(-1).y + 2 * LINE + (depth + 1) * LINE + MARGIN;
  const drawn = frames.map((frame) => box(frame, height - MARGIN - (frame.depth + 1) * LINE, tree.value, colourOf));
  return drawing(WIDTH, height, title, [...names.flatMap((each) => keyEntry(each, colourOf)), ...drawn]);
}

function placed({ name, kind, value, children }, depth, x, scale) {
  const width = value * scale;
  if (width < LEAST_WIDTH) return [];
  const frames = [{ name, kind, value, depth, x, width }];
  let left = x;
  for (const child of [...children.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    frames.push(...placed(child, depth + 1, left, scale));
    left += child.value * scale;
  }
  return frames;
}

function box({ name, kind, value, x, width }, y, whole, colourOf) {
  const share = `${((value / whole) * 100).toFixed(1)} %`;
  const shown = name.slice(0, Math.max(0, Math.floor((width - 6) / CHARACTER_WIDTH)));
  const label = shown.length > 2 ? text(x + 3, y + 12, shown, { "font-size": 11 }) : "";
  const size = { x, y, width: Math.max(width - 0.5, LEAST_WIDTH / 2), height: LINE - 1 };
  return element(
    "g",
    {},
    element("title", {}, escaped(`${name}: ${share}`)) + element("rect", { ...size, fill: colourOf(kind) }) + label,
  );
}

const escaped = (words) => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** As many lines as the names need. */
function keyOf(key) {
  let [x, y] = [MARGIN, KEY_TOP];
  return Object.entries(key).map(([kind, name]) => {
    const width = 30 + name.length * CHARACTER_WIDTH;
    if (x + width > WIDTH) [x, y] = [MARGIN, y + LINE];
    const at = { kind, name, x, y };
    x += width;
    return at;
  });
}

function keyEntry({ kind, name, x, y }, colourOf) {
  const square = element("rect", { x, y, width: 12, height: 12, fill: colourOf(kind) });
  return [square, text(x + 16, y + 10, name, { "font-size": 11 })];
}
