// As much SVG as two kinds of chart need. Text, so that a diff of a new run can be read.
const escaped = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const round = (value) => (typeof value === "number" ? Math.round(value * 10) / 10 : value);

export function element(name, attributes, content = "") {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(round(value))}"`);
  return `<${name}${written.join("")}${content === "" ? "/>" : `>${content}</${name}>`}`;
}

export const text = (x, y, words, more = {}) => element("text", { x, y, ...more }, escaped(words));
export const line = (x1, y1, x2, y2, more = {}) => element("line", { x1, y1, x2, y2, ...more });

export function drawing(width, height, title, parts) {
  const style = "font-family:system-ui,sans-serif;font-size:12px";
  // Its own paper, so that it can be read on a dark page too.
  const page = element("rect", { width, height, fill: "#ffffff" });
  const name = text(16, 24, title, { "font-size": 15, "font-weight": 600 });
  const root = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-label": title,
    style,
  };
  return `${element("svg", root, `\n${[page, name, ...parts].join("\n")}\n`)}\n`;
}

/** Picklepod stands out; the others are told apart by hue and by the name at the end of the line. */
export const colours = {
  picklepod: "#d6336c",
  "picklepod-2": "#f08caf",
  "fastapi-1": "#1c7ed6",
  "fastapi-2": "#0b4f8a",
  flask: "#2b8a3e",
  seed: "#868e96",
  mlserver: "#e67700",
  bentoml: "#7048e8",
  litserve: "#0c8599",
  mlflow: "#a0522d",
  ray: "#495057",
  ndjson: "#1c7ed6",
  csv: "#2b8a3e",
  arrow: "#e67700",
};
