import { MAX_FAULTS_LISTED, Problem } from "../../problems";
import type { ChunkBuilder } from "../chunk-builder";
import type { Layout } from "../row-layouts";
import { malformed } from "./row-texts";

/** The layout of a body whose columns are named once, before its rows.
 * @throws Problem malformed where a name is given twice; invalid-rows where no row could have these columns */
export function layoutOfNames(names: readonly string[], to: ChunkBuilder): Layout {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name))
      throw malformed(`The body has two columns that are called ${JSON.stringify(name)}; give each once.`);
    seen.add(name);
  }
  const found = to.reader.layoutOf(names, to.ignored);
  if ("layout" in found) return found.layout;
  const { faults } = found;
  const columns = faults.length === 1 ? "1 column of the body is" : `${faults.length} columns of the body are`;
  const detail =
    `${columns} not as the model takes them; nothing was predicted. ` +
    "Name the columns as the inputs are called, in any order: errors lists what is wrong.";
  throw new Problem("invalid-rows", { detail, faults: faults.slice(0, MAX_FAULTS_LISTED), faultCount: faults.length });
}
