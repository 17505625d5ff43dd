import { readFileSync } from "node:fs";
import { basename } from "node:path";

import { parse } from "csv-parse/sync";

import { failed } from "../result";

/** A file's text: UTF-8 and nothing else, so that no letter becomes another in silence.
 * @throws InitFailed usage */
export function readText(path: string, flag: string): string {
  const file = basename(path);
  const bytes = readBytes(path, flag);
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (bytes.includes(0) && !isUtf16)
    throw failed("usage", `${file} is no text.`, `${flag} takes a csv, json or jsonl file: save it as one.`, file);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw failed("usage", `${file} is not UTF-8.`, "Save it as UTF-8.", file);
  }
}

const reasons: Readonly<Record<string, string>> = { ENOENT: "is not there", EISDIR: "is a folder" };

function readBytes(path: string, flag: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const why = reasons[code] ?? `cannot be read (${code})`;
    throw failed("usage", `${path} ${why}.`, `Give ${flag} a file that can be read.`, path);
  }
}

/** The cells of each line, whatever stands between them; the first line is the header, where there is one. */
export function linesOfCsv(text: string, file: string): string[][] {
  const [head = ""] = text.split("\n");
  const delimiters = [",", ";", "\t"].toSorted((a, b) => head.split(b).length - head.split(a).length);
  try {
    return parse(text, { delimiter: delimiters[0] ?? ",", skip_empty_lines: true, relax_column_count: false });
  } catch (error) {
    throw failed("usage", `${file} is no CSV: ${(error as Error).message}.`, "Mend it, or give JSON.", file);
  }
}

/** A JSON value, or one on each line. */
export function readJson(text: string, file: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch (whole) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return lines.map((line, i) => {
      try {
        return JSON.parse(line) as unknown;
      } catch (error) {
        throw noJson(text, file, i === 0 && lines.length > 1 ? (whole as Error).message : (error as Error).message, i);
      }
    });
  }
}

function noJson(text: string, file: string, why: string, line: number): Error {
  const word = /(?<=[:[,]\s*)(NaN|-?Infinity)(?=\s*[\],}])/.exec(text.replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""'))?.[0];
  if (word !== undefined) {
    const remedy = 'Write null in its place: pandas does, df.to_json(path, orient="records").';
    return failed("usage", `${file} has ${word}, as Python writes it: JSON knows none.`, remedy, file);
  }
  const remedy = "Give JSON, or a JSON value a line; a CSV is to be called .csv.";
  return failed("usage", `${file}, line ${line + 1}: ${why}.`, remedy, file);
}
