import type { Instance } from "../../pickle/value";
import { numbersOf, shapeOf, textOf, valuesOf } from "../estimators/read-value";
import { type Flow, type Input, changed, filled, look, makeColumns, scaled, shown } from "./column";

/** Scalers: a column in, a column out, and what they learned of it. They leave gaps as they are. */
const scaling =
  (learn: (input: Input, place: number) => void, backOf?: BackOf): Flow =>
  (columns) =>
    columns.map((column, place) => {
      look(column, undefined);
      const input = shown(column);
      if (input !== undefined) {
        if (input.type === "unknown") input.type = "number";
        learn(input, place);
      }
      return backOf === undefined ? changed(column) : scaled(column, backOf(place));
    });

/** What a column of a scaler's stood for, by its place. */
type BackOf = (place: number) => (value: number) => number;

/** What was divided by and taken away; without either it was told to leave that out. */
function backBy(estimator: Instance, taken: string, divided: string): BackOf {
  const [offsets, factors] = [taken, divided].map((name) => numbersOf(estimator.attribute(name)));
  return (place) => (value) => value * (factors?.[place] ?? 1) + (offsets?.[place] ?? 0);
}

const finite = (value: number | undefined): number | undefined => (Number.isFinite(value) ? value : undefined);

/** Around the first attribute, in units of the second. */
const around =
  (middle: string, unit: string) =>
  (estimator: Instance): Flow => {
    const values = numbersOf(estimator.attribute(middle));
    const back = backBy(estimator, middle, unit);
    return scaling((input, place) => {
      input.typical ??= finite(values?.[place]);
    }, back);
  };

const unknowing = (): Flow => scaling(() => undefined);

function within(low: readonly number[], high: readonly number[], backOf?: BackOf): Flow {
  return scaling((input, place) => {
    const [from, to] = [finite(low[place]), finite(high[place])];
    if (from === undefined || to === undefined) return;
    input.range ??= [from, to];
    input.typical ??= (from + to) / 2;
  }, backOf);
}

function minMax(estimator: Instance): Flow {
  const [low, high, offset, factor] = ["data_min_", "data_max_", "min_", "scale_"].map(
    (name) => numbersOf(estimator.attribute(name)) ?? [],
  );
  const back: BackOf = (place) => (value) => (value - (offset?.[place] ?? 0)) / (factor?.[place] ?? 1);
  return within(low ?? [], high ?? [], back);
}

/** quantiles_ has a row a quantile and a column a column. */
function quantile(estimator: Instance): Flow {
  const quantiles = estimator.attribute("quantiles_");
  const [rows = 0, width = 0] = shapeOf(quantiles) ?? [];
  const cells = numbersOf(quantiles) ?? [];
  return within(cells.slice(0, width), cells.slice((rows - 1) * width));
}

/** One column a bin, unless it is told to number them. */
function discretize(estimator: Instance): Flow {
  const edges = valuesOf(estimator.attribute("bin_edges_")).map((cells) => numbersOf(cells) ?? []);
  const learn = within(
    edges.map(([first]) => first ?? Number.NaN),
    edges.map((cells) => cells.at(-1) ?? Number.NaN),
  );
  return (columns) => {
    columns.forEach((column) => {
      look(column, false);
    });
    const same = learn(columns)?.map(filled);
    if (textOf(estimator.attribute("encode")) === "ordinal") return same;
    const bins = numbersOf(estimator.attribute("n_bins_"));
    return bins && makeColumns(bins.reduce((sum, count) => sum + count, 0));
  };
}

export const scalers: Readonly<Record<string, (estimator: Instance) => Flow>> = {
  StandardScaler: around("mean_", "scale_"),
  RobustScaler: around("center_", "scale_"),
  MinMaxScaler: minMax,
  MaxAbsScaler: around("", "scale_"),
  QuantileTransformer: quantile,
  PowerTransformer: unknowing,
  Normalizer: unknowing,
  Binarizer: unknowing,
  KBinsDiscretizer: discretize,
};

/** Elementwise functions that FunctionTransformers are given; anything else is only known by running it. */
const elementwise = /^numpy(\..*)?\.(log|log1p|log2|log10|sqrt|cbrt|exp|expm1|abs|absolute|square|reciprocal|sign)$/;

/** A function of one's own looks at its columns, and makes of them what nobody can follow. */
const looking: Flow = (columns) => {
  for (const column of columns) look(column, undefined);
  return undefined;
};

/** Without a function it hands on what it gets, which is how a newer ColumnTransformer passes columns through. */
export function functionTransformer(estimator: Instance): Flow {
  const func = estimator.attribute("func");
  if (func === undefined || func.kind === "none") return (columns) => columns;
  if (func.kind !== "global" || !elementwise.test(`${func.module}.${func.name}`)) return looking;
  return scaling(() => undefined);
}
