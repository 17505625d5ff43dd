import type { Chain } from "../inspection";
import { nameOf } from "../estimators/class-name";
import { answerLabels, couldBeOfAnswer, dictOf } from "./answer-labels";
import { type Placed, folderOf, placeText } from "./candidates";
import { areSexes, type ColumnFound, hintedColumns, namedColumn } from "./encoder-columns";
import { listed } from "./partial";

export interface Encoders {
  readonly encoders: Chain["encoders"];
  readonly labels: Chain["labels"];
  readonly reasons: readonly string[];
  readonly doubts: readonly string[];
}

/** Which column a LabelEncoder is of, by its key or its file's name; the one that is of the answer is the label map. */
export function labelEncodersOf(
  all: readonly Placed[],
  predictor: Placed,
  names: readonly string[] | undefined,
): Encoders {
  const usable = all.filter(
    (one) => nameOf(one.estimator.class) === "LabelEncoder" && one.estimator.classes !== undefined,
  );
  const { placed, dictsOfColumns } = placedByName(usable, predictor, names ?? []);
  const open = usable.filter((one) => !placed.has(one));
  const hinted = hintsTaken(
    open,
    predictor,
    (names ?? []).filter((name) => !hasColumn(placed, name)),
  );
  const rest = open.filter((one) => !hinted.has(one) && namedColumn(one, names ?? []) === undefined);
  const { label, doubts } = answerLabels(rest, predictor, { names, dictsOfColumns });
  const encoders = [...placed, ...hinted].map(([one, { column }]) => encoderOf(one, column));
  const left = rest.filter((one) => one !== label && isNear(one, predictor));
  return {
    encoders,
    labels: label && { file: label.file, key: label.key, classes: label.estimator.classes ?? [] },
    reasons: [
      ...byFile(encoders),
      ...(label ? [`${placeText(label)} has the names of the ${label.estimator.classes?.length ?? 0} classes`] : []),
    ],
    doubts: [...loosely(hinted), ...doubts, ...(doubts.length > 0 ? [] : unplaced(left, names))],
  };
}

type Columns = ReadonlyMap<Placed, ColumnFound>;

const encoderOf = ({ file, key, estimator }: Placed, column: string): Chain["encoders"][number] => ({
  file,
  key,
  column,
  classes: estimator.classes ?? [],
});

const hasColumn = (placed: Columns, name: string): boolean =>
  [...placed.values()].some(({ column }) => column === name);

/** One a column, the one nearest the predictor. */
function placedByName(
  usable: readonly Placed[],
  predictor: Placed,
  names: readonly string[],
): { placed: Columns; dictsOfColumns: ReadonlySet<string> } {
  const byColumn = new Map<string, Placed>();
  const dictsOfColumns = new Set<string>();
  for (const one of usable) {
    const column = namedColumn(one, names);
    if (column === undefined) continue;
    if (one.key.at(-1) === column) dictsOfColumns.add(dictOf(one));
    const other = byColumn.get(column);
    if (other === undefined || distance(one, predictor) < distance(other, predictor)) byColumn.set(column, one);
  }
  return { placed: new Map([...byColumn].map(([column, one]) => [one, { column, loosely: false }])), dictsOfColumns };
}

/** A hint is not taken where it is as likely that the encoder is of the answer. */
function hintsTaken(open: readonly Placed[], predictor: Placed, names: readonly string[]): Columns {
  const hinted = hintedColumns(
    open.filter((one) => isNear(one, predictor)),
    names,
  );
  const hasAnswer = open.some((one) => !hinted.has(one) && couldBeOfAnswer(one, predictor) && !areSexes(one));
  return new Map(
    [...hinted].filter(([one, { loosely: isLoose }]) => !isLoose || hasAnswer || !couldBeOfAnswer(one, predictor)),
  );
}

const isNear = (one: Placed, predictor: Placed): boolean => distance(one, predictor) < 2;

const distance = (one: Placed, predictor: Placed): number =>
  one.file === predictor.file ? 0 : folderOf(one.file) === folderOf(predictor.file) ? 1 : 2;

/** A line a file, however many encoders it holds. */
function byFile(encoders: Chain["encoders"]): string[] {
  const files = [...new Set(encoders.map(({ file }) => file))];
  return files.map(
    (file) =>
      `${file} numbers the values of ${encoders.flatMap((one) => (one.file === file ? one.column : [])).join(", ")}`,
  );
}

const loosely = (hinted: Columns): string[] =>
  [...hinted].map(([one, { column, loosely: isLoose }]) =>
    isLoose
      ? `${placeText(one)} is taken for the encoder of ${column}, by its name alone.`
      : `${placeText(one)} is taken for the encoder of ${column}, by its values alone.`,
  );

function unplaced(left: readonly Placed[], names: readonly string[] | undefined): string[] {
  if (left.length === 0) return [];
  const places = listed(left.map(placeText));
  return names === undefined
    ? [`${places}: label encoders, but the names of the columns are not known.`]
    : [
        `${places}: label encoders, and of which columns no name says; such a column is a number, unless you say --input 'COLUMN={type: number, map: {TEXT: 0, …}}'.`,
      ];
}
