import type { Instance } from "../../pickle/value";
import { nameOf } from "../estimators/class-name";
import { partsOf } from "../estimators/parts";
import { instanceOf } from "../estimators/read-value";
import { handedOnTo } from "../estimators/takes";
import { pickedBy } from "./picked-columns";

/** The names of the columns of an old ColumnTransformer, which says them only where it hands them to its parts. */
export function rootColumns(estimator: Instance): (string | undefined)[] | undefined {
  const name = nameOf(estimator.class);
  const inner = name === "Pipeline" ? instanceOf(partsOf(estimator)[0]?.value) : handedOnTo(estimator);
  if (inner !== undefined) return rootColumns(inner);
  return name === "ColumnTransformer" ? toldColumns(estimator) : undefined;
}

/** Names where they were told; places (of a remainder) are the others', in between. */
function toldColumns(estimator: Instance): (string | undefined)[] | undefined {
  const told = partsOf(estimator).flatMap(({ name, columns }) => pickedBy(estimator, name, columns) ?? []);
  const names = [...new Set(told.filter((key) => typeof key === "string"))];
  const places = new Set(told.filter((key) => typeof key === "number"));
  if (names.length === 0) return undefined;
  const rest = names.values();
  const width = Math.max(names.length + places.size, ...[...places].map((place) => place + 1));
  return Array.from({ length: width }, (_, place) => (places.has(place) ? undefined : rest.next().value));
}
