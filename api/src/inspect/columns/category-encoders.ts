import type { Cell, Instance } from "../../pickle/value";
import { cellsOf, firstOf, isMissing, mappingOf, textOf, textsOf, valuesOf } from "../estimators/read-value";
import { type Column, type Flow, changed, filled, look, made, shown } from "./column";

/** The package category_encoders: `cols` are encoded, the others handed on; what comes out has names. */
export function categoryEncoder(estimator: Instance): Flow {
  const encoded = new Set(textsOf(estimator.attribute("cols")) ?? []);
  const values = mappedValues(estimator);
  const out = textsOf(firstOf(estimator, "feature_names_out_", "feature_names"));
  return (columns) => {
    for (const column of columns) learn(column, encoded, values);
    const byName = new Map(columns.map((column) => [column.name, column]));
    return out?.map((name) => {
      const same = byName.get(name);
      if (same === undefined) return { ...made, name };
      return encoded.has(name) ? filled(changed(same)) : same;
    });
  };
}

function learn(column: Column, encoded: ReadonlySet<string>, values: ReadonlyMap<string, readonly Cell[]>): void {
  const isEncoded = column.name !== undefined && encoded.has(column.name);
  look(column, isEncoded);
  const input = shown(column);
  if (!isEncoded || input === undefined) return;
  input.type = "category";
  input.categories ??= values.get(column.name);
  input.unknown ??= "ignored";
}

/** mapping: [{col, mapping: a Series from value to number}]. */
function mappedValues(estimator: Instance): Map<string, Cell[]> {
  const ordinalEncoder = firstOf(estimator, "ordinal_encoder", "base_n_encoder");
  const holder = ordinalEncoder?.kind === "instance" ? ordinalEncoder : estimator;
  const values = new Map<string, Cell[]>();
  for (const entry of valuesOf(holder.attribute("mapping"))) {
    const [name, mapping] = [textOf(mappingOf(entry)?.get("col")), mappingOf(entry)?.get("mapping")];
    const index = mapping?.kind === "instance" ? cellsOf(firstOf(mapping, "index", "_index")) : undefined;
    if (name !== undefined && index !== undefined)
      values.set(
        name,
        index.filter((cell) => !isMissing(cell)),
      );
  }
  return values;
}
