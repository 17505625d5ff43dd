import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";

import { UsageError } from "./usage-error";

export interface RowsFile {
  readonly stream: Readable;
  /** In bytes; undefined where that is not known beforehand. */
  readonly size: number | undefined;
  /** What its name says of it. */
  readonly headers: Readonly<Record<string, string>>;
}

const media: Readonly<Record<string, string>> = {
  csv: "text/csv",
  ndjson: "application/x-ndjson",
  jsonl: "application/x-ndjson",
  json: "application/json",
  arrow: "application/vnd.apache.arrow.stream",
  arrows: "application/vnd.apache.arrow.stream",
};
const encodings: Readonly<Record<string, string>> = { gz: "gzip", zst: "zstd" };

/** What no name tells, the server tells by the first bytes. */
export async function openRows(file: string | undefined): Promise<RowsFile> {
  if (file === undefined) return { stream: process.stdin, size: undefined, headers: {} };
  const found = await stat(file).catch(() => undefined);
  if (!found || found.isDirectory()) throw new UsageError(`${file} is not a file that can be read`);
  const endings = file.toLowerCase().split(".").slice(1);
  const encoding = encodings[endings.at(-1) ?? ""];
  const type = media[endings.at(encoding === undefined ? -1 : -2) ?? ""];
  return {
    stream: createReadStream(file, { highWaterMark: 256 * 1024 }),
    size: found.isFile() ? found.size : undefined,
    headers: { ...(type && { "content-type": type }), ...(encoding && { "content-encoding": encoding }) },
  };
}
