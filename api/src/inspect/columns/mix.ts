import type { Instance } from "../../pickle/value";
import { nameOf } from "../estimators/class-name";
import { isVectorizer } from "../estimators/kinds";
import { firstOf, lengthOf, mappingOf, numberOf, shapeOf } from "../estimators/read-value";
import { type Flow, look, lookForNumbers, makeColumns } from "./column";

/** What makes new columns out of all it gets: how many is all that can be told. */
export function mixing(estimator: Instance): Flow {
  const count = mixedWidth(estimator);
  return (columns) => {
    for (const column of columns) lookForNumbers(column);
    return count === undefined ? undefined : makeColumns(count);
  };
}

type Count = (estimator: Instance) => number | undefined;

const rows =
  (...attributes: readonly string[]): Count =>
  (estimator) =>
    attributes.map((name) => lengthOf(estimator.attribute(name))).find((count) => count !== undefined);

const said =
  (...attributes: readonly string[]): Count =>
  (estimator) =>
    numberOf(firstOf(estimator, ...attributes));

const lastOf =
  (attribute: string): Count =>
  (estimator) =>
    shapeOf(estimator.attribute(attribute))?.at(-1);

const components: Count = (estimator) =>
  rows("components_")(estimator) ?? said("n_components_", "n_components")(estimator);

/** n_components, or one fewer than the classes; never more than the directions found. */
const discriminants: Count = (estimator) => {
  const found = said("_max_components")(estimator) ?? lastOf("scalings_")(estimator);
  return found === undefined ? undefined : Math.min(said("n_components")(estimator) ?? found, found);
};

const vocabulary: Count = (estimator) => mappingOf(estimator.attribute("vocabulary_"))?.size;

const counts: Readonly<Record<string, Count>> = {
  PCA: components,
  IncrementalPCA: components,
  SparsePCA: components,
  MiniBatchSparsePCA: components,
  TruncatedSVD: components,
  FastICA: components,
  FactorAnalysis: components,
  NMF: components,
  MiniBatchNMF: components,
  LatentDirichletAllocation: components,
  DictionaryLearning: components,
  MiniBatchDictionaryLearning: components,
  KernelPCA: (estimator) => rows("eigenvalues_", "lambdas_")(estimator),
  GaussianRandomProjection: components,
  SparseRandomProjection: components,
  RBFSampler: said("n_components"),
  Nystroem: components,
  BernoulliRBM: components,
  UMAP: said("n_components"),
  Isomap: said("n_components"),
  LocallyLinearEmbedding: said("n_components"),
  FeatureAgglomeration: said("n_clusters_", "n_clusters"),
  NeighborhoodComponentsAnalysis: components,
  LinearDiscriminantAnalysis: discriminants,
  PolynomialFeatures: (estimator) => said("n_output_features_", "_n_out_full")(estimator) ?? rows("powers_")(estimator),
  SplineTransformer: said("n_features_out_"),
  KMeans: rows("cluster_centers_"),
  MiniBatchKMeans: rows("cluster_centers_"),
  BisectingKMeans: rows("cluster_centers_"),
  Birch: rows("subcluster_centers_"),
  HashingVectorizer: said("n_features"),
  FeatureHasher: said("n_features"),
  CountVectorizer: vocabulary,
  TfidfVectorizer: vocabulary,
  DictVectorizer: vocabulary,
  PLSRegression: said("n_components", "_n_components"),
};

/** How many columns come out, of what mixes or makes them. */
export const mixedWidth = (estimator: Instance): number | undefined => counts[nameOf(estimator.class)]?.(estimator);

/** One text a row in, a column a word out. */
export function vectorizing(estimator: Instance): Flow {
  const count = mixedWidth(estimator);
  return (columns) => {
    const [column] = columns;
    if (column === undefined || columns.length > 1) return undefined;
    look(column, false);
    if (column.input !== undefined) column.input.type = "text";
    return count === undefined ? undefined : makeColumns(count);
  };
}

export const isMixing = (estimator: Instance): boolean =>
  nameOf(estimator.class) in counts && !isVectorizer(nameOf(estimator.class));
