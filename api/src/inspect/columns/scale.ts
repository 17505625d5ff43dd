import type { Instance } from "../../pickle/value";
import { numbersOf, shapeOf, textOf, valuesOf } from "../estimators/read-value";
import { type Flow, type Input, changed, filled, look, makeColumns, shown } from "./column";

/** Scalers: a column in, a column out, and what they learned of it. They leave gaps as they are. */
const scaling =
  (learn: (input: Input, place: number) => void): Flow =>
  (columns) =>
    columns.map((column, place) => {
      look(column, undefined);
      const input = shown(column);
      if (input !== undefined) {
        if (input.type === "unknown") input.type = "number";
        learn(input, place);
      }
      return changed(column);
    });

const finite = (value: number | undefined): number | undefined => (Number.isFinite(value) ? value : undefined);

const typical =
  (...attributes: readonly string[]) =>
  (estimator: Instance): Flow => {
    const values = attributes.map((name) => numbersOf(estimator.attribute(name))).find((found) => found !== undefined);
    return scaling((input, place) => {
      input.typical ??= finite(values?.[place]);
    });
  };

function within(low: readonly number[], high: readonly number[]): Flow {
  return scaling((input, place) => {
    const [from, to] = [finite(low[place]), finite(high[place])];
    if (from === undefined || to === undefined) return;
    input.range ??= [from, to];
    input.typical ??= (from + to) / 2;
  });
}

const minMax = (estimator: Instance): Flow =>
  within(numbersOf(estimator.attribute("data_min_")) ?? [], numbersOf(estimator.attribute("data_max_")) ?? []);

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
  StandardScaler: typical("mean_"),
  RobustScaler: typical("center_"),
  MinMaxScaler: minMax,
  MaxAbsScaler: typical(),
  QuantileTransformer: quantile,
  PowerTransformer: typical(),
  Normalizer: typical(),
  Binarizer: typical(),
  KBinsDiscretizer: discretize,
};

/** Elementwise functions that FunctionTransformers are given; anything else is only known by running it. */
const elementwise = /^numpy(\..*)?\.(log|log1p|log2|log10|sqrt|cbrt|exp|expm1|abs|absolute|square|reciprocal|sign)$/;

/** Without a function it hands on what it gets, which is how a newer ColumnTransformer passes columns through. */
export function functionTransformer(estimator: Instance): Flow {
  const func = estimator.attribute("func");
  if (func === undefined || func.kind === "none") return (columns) => columns;
  if (func.kind !== "global" || !elementwise.test(`${func.module}.${func.name}`)) return () => undefined;
  return scaling(() => undefined);
}
