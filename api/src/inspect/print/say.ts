import type { Cell } from "../../pickle/value";

/** Words for numbers and lists, short enough for a line. */

export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const [unit, scale] = bytes < 1_000_000 ? ["kB", 1000] : ["MB", 1_000_000];
  const size = bytes / scale;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

export const countText = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** As it would stand in YAML, but for what is long. */
export function cellText(cell: Cell): string {
  if (cell === null) return "none";
  if (typeof cell === "number") return numberText(cell);
  const text = String(cell);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** Four digits tell a person all. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  return String(Number(value.toPrecision(4)));
}

/** The first that have room in so many letters, and how many more there are. */
export function listText(cells: readonly Cell[], room = 60): string {
  const shown: string[] = [];
  let length = 0;
  for (const cell of cells) {
    const text = cellText(cell);
    if (shown.length > 0 && length + text.length + 2 > room) break;
    shown.push(text);
    length += text.length + 2;
  }
  const rest = cells.length - shown.length;
  return rest === 0 ? shown.join(", ") : `${shown.join(", ")} and ${rest} more`;
}

/** Columns of text, each as wide as its widest. */
export function aligned(rows: readonly (readonly string[])[], indent: string): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) => (indent + row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ")).trimEnd());
}
