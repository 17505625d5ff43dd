import type { Cell } from "../../pickle/value";
import type { Placed } from "./candidates";
import { bare, wordsOf } from "./words";

/** The column that a LabelEncoder is of; `loosely`: its name or its values only hint at it. */
export interface ColumnFound {
  readonly column: string;
  readonly loosely: boolean;
}

const around =
  /^(?:le|lbl|label|labels|labelencoder|encoder|encoders|enc|encoded|ordinal|column|col|feature|for|of|the|pkl)$/;

/** gender, le_gender, label_encoder_gender, genderEncoder are all of the column Gender. */
export function namedColumn(one: Placed, names: readonly string[]): string | undefined {
  const own = ownName(one);
  const subject = subjectOfEncoder(one).join("");
  return names.find((name) => bare(own) === bare(name) || (subject !== "" && subject === bare(name)));
}

/** Its last key, or its file's name without the ending. */
function ownName({ file, key }: Placed): string {
  const last = key.at(-1);
  return typeof last === "string" ? last : file.slice(file.lastIndexOf("/") + 1).replace(/\.[A-Za-z0-9]+$/, "");
}

/** What an encoder's name says beyond that it is one. */
export const subjectOfEncoder = (one: Placed): string[] =>
  wordsOf({ file: ownName(one), key: [] }).filter((word) => !around.test(word));

/** Encoders whose names share a word with one column alone, which shares it with them alone; sexes are of the sex. */
export function hintedColumns(open: readonly Placed[], names: readonly string[]): ReadonlyMap<Placed, ColumnFound> {
  const pairs = open.flatMap((one) =>
    names.filter((name) => isHinted(one, name)).map((column) => ({ one, column, loosely: !areSexes(one) })),
  );
  const sole = pairs.filter((pair) =>
    pairs.every((other) => other === pair || (other.one !== pair.one && other.column !== pair.column)),
  );
  return new Map(sole.map(({ one, ...found }) => [one, found]));
}

function isHinted(one: Placed, column: string): boolean {
  const words = wordsOf({ file: column, key: [] });
  if (areSexes(one) && words.some((word) => word === "gender" || word === "sex")) return true;
  return subjectOfEncoder(one).some((own) => words.some((word) => isPrefix(own, word) || isPrefix(word, own)));
}

/** Ed of education: a letter would say nothing. */
const isPrefix = (short: string, long: string): boolean => short.length > 1 && long.startsWith(short);

const sexes = new Set(["female", "male", "f", "m", "other", "others", "woman", "man", "women", "men"]);

/** No model predicts these from a customer's columns as often as it is told them. */
export const areSexes = ({ estimator }: Placed): boolean =>
  estimator.classes?.every((value: Cell) => typeof value === "string" && sexes.has(value.toLowerCase())) === true;
