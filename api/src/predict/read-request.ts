import type { RequestContract } from "../bundle/contract";
import { Problem } from "../problems";
import { pointerToken } from "../rows/faults";
import type { Rows } from "../rows/row-reader";

/** Rows, and each row's key where the contract keys them. */
export interface RequestRows extends Rows {
  readonly keys: readonly string[];
}

/** A parsed body, or a query string, to rows: a line per request shape.
 * @throws Problem malformed */
export function readRequest(contract: RequestContract, sent: unknown): RequestRows {
  switch (contract.shape) {
    case "rows":
      return Array.isArray(sent) ? listOfRows(sent) : oneRow(sent);
    case "query":
      return oneRow(sent);
    case "keyed":
      return keyedRows(sent, contract);
  }
}

const nothing: ReadonlySet<string> = new Set();

const listOfRows = (rows: readonly unknown[]): RequestRows => ({
  rows,
  keys: [],
  pointerOf: (row) => `#/${row}`,
  ignored: nothing,
});

const oneRow = (row: unknown): RequestRows => ({ rows: [row], keys: [], pointerOf: () => "#", ignored: nothing });

function keyedRows(sent: unknown, { envelope, ignore }: Extract<RequestContract, { shape: "keyed" }>): RequestRows {
  const keyed = isObject(sent) && Object.hasOwn(sent, envelope) ? sent[envelope] : undefined;
  if (!isObject(keyed)) {
    const detail = `The body must be an object with ${envelope}: an object that holds each row under a key of its own.`;
    throw new Problem("malformed", { detail });
  }
  const keys = Object.keys(keyed);
  return {
    rows: keys.map((key) => keyed[key]),
    keys,
    pointerOf: (row) => `#/${pointerToken(envelope)}/${pointerToken(keys[row] ?? "")}`,
    ignored: new Set(ignore),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A query string as a row of texts.
 * @throws Problem malformed where a name is given twice, or what is meant cannot be known */
export function rowFromQuery(search: string): Record<string, string> {
  if (!isPercentEncodedUtf8(search)) {
    throw new Problem("malformed", {
      detail: "The query string is not percent-encoded UTF-8. With curl: -G --data-urlencode 'name=value'.",
    });
  }
  const entries = [...new URLSearchParams(search)];
  const twice = repeatedNames(entries);
  if (twice.size > 0) {
    throw new Problem("malformed", {
      detail: `The query string gives ${[...twice].join(", ").slice(0, MOST_SHOWN)} more than once; give each once.`,
    });
  }
  return Object.fromEntries(entries);
}

/** Of the names, in characters. */
const MOST_SHOWN = 1_000;

/** In one walk: an address holds thousands of names, and to look for each among all of them took 20 ms. */
function repeatedNames(entries: readonly (readonly [string, string])[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const [name] of entries) (seen.has(name) ? twice : seen).add(name);
  return twice;
}

/** URLSearchParams would put other characters in place of those it cannot read. */
function isPercentEncodedUtf8(search: string): boolean {
  try {
    decodeURIComponent(search);
    return /^[\x20-\x7e]*$/.test(search);
  } catch {
    return false;
  }
}
