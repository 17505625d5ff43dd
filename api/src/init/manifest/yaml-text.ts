import { parse } from "yaml";

/** A value as one piece of YAML; `undefined` members are left out. */
export type Yaml = string | number | boolean | null | readonly Yaml[] | { readonly [key: string]: Yaml | undefined };

const WIDTH = 116;
const PLAIN = /^[A-Za-z0-9_][A-Za-z0-9_]*(?:[ ./()%+-]+[A-Za-z0-9_()%]+)*$/;

/** Words that some version of YAML takes for something else. */
const SPOKEN_FOR = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** A text without quotes only where YAML reads that very text back. */
function scalarText(text: string): string {
  const isWord = PLAIN.test(text) && !SPOKEN_FOR.test(text) && (!/^\d/.test(text) || parse(text) === text);
  return isWord ? text : JSON.stringify(text);
}

/** `null` is the one key of ours that YAML would take for a value; model.yaml's reader takes every key as it is written. */
const memberText = (key: string): string => (key === "null" ? key : scalarText(key));

/** Patterns such as x{0..4} are plain as a key of a block. */
export const keyText = (key: string): string => (/^[A-Za-z_]\w*\{\d+\.\.\d+\}$/.test(key) ? key : memberText(key));

/** In one line. */
export function flowText(value: Yaml): string {
  if (typeof value === "string") return scalarText(value);
  if (isList(value)) return `[${value.map(flowText).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const members = membersOf(value).map(([key, member]) => `${memberText(key)}: ${flowText(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** `key: value` in a block: in one line where it fits, else over several. */
export function entryText(key: string, value: Yaml, indent: string): string {
  const head = `${indent}${keyText(key)}:`;
  const line = `${head} ${flowText(value)}`;
  if (line.length <= WIDTH || typeof value !== "object" || value === null) return line;
  if (isList(value)) return `${head}\n${wrapped(value, `${indent}  `)}`;
  return [head, ...membersOf(value).map(([name, member]) => entryText(name, member, `${indent}  `))].join("\n");
}

/** `- { … }`, or over several lines. */
export function itemText(value: Readonly<Record<string, Yaml | undefined>>, indent: string): string {
  const line = `${indent}- ${flowText(value)}`;
  if (line.length <= WIDTH) return line;
  const members = membersOf(value).map(([name, member]) => entryText(name, member, `${indent}  `));
  return `${indent}- ${members.join("\n").trimStart()}`;
}

function wrapped(values: readonly Yaml[], indent: string): string {
  const lines = [`${indent}[`];
  for (const value of values) {
    const text = `${flowText(value)},`;
    const last = lines.at(-1) ?? "";
    if (lines.length > 1 && last.length + text.length < WIDTH) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(`${indent}  ${text}`);
  }
  return [...lines, `${indent}]`].join("\n");
}

const isList = (value: Yaml): value is readonly Yaml[] => Array.isArray(value);

const membersOf = (value: Readonly<Record<string, Yaml | undefined>>): [string, Yaml][] =>
  Object.entries(value).filter((entry): entry is [string, Yaml] => entry[1] !== undefined);
