import type { Value } from "../../pickle/value";
import { instanceOf, textsOf, valuesOf } from "./read-value";

/** The names of a DataFrame's columns, as pandas has pickled them since 1.3: (blocks, [columns, index]). */
export function tableColumns(table: Value | undefined): string[] | undefined {
  const manager = instanceOf(instanceOf(table)?.attribute("_mgr"));
  const [columns] = valuesOf(manager?.arguments?.at(1), 1);
  return textsOf(columns);
}
