import type { Method } from "../inspection";
import { nameOf } from "./class-name";

/** What the classes of the libraries can do, by name alone: their modules moved from version to version. */
export interface Kind {
  readonly role: "predictor" | "transformer" | "label-encoder";
  readonly does: "classify" | "regress" | "cluster" | "score" | "transform" | "label";
  readonly answers: readonly Method[];
}

const names = (text: string): string[] => text.trim().split(/\s+/);
const kinds = new Map<string, Kind>();
const declare = (role: Kind["role"], does: Kind["does"], answers: readonly Method[], classes: string): void => {
  for (const name of names(classes)) kinds.set(name, { role, does, answers });
};
const label = "predict";
const proba = "predict_proba";
const score = "decision_function";

declare(
  "predictor",
  "classify",
  [label, proba, score],
  `
  LogisticRegression LogisticRegressionCV QuadraticDiscriminantAnalysis GradientBoostingClassifier AdaBoostClassifier
  HistGradientBoostingClassifier`,
);
declare("predictor", "classify", [label, proba, score, "transform"], "LinearDiscriminantAnalysis");
declare(
  "predictor",
  "classify",
  [label, proba],
  `
  RandomForestClassifier ExtraTreesClassifier DecisionTreeClassifier ExtraTreeClassifier KNeighborsClassifier
  RadiusNeighborsClassifier GaussianNB MultinomialNB BernoulliNB ComplementNB CategoricalNB MLPClassifier
  GaussianProcessClassifier LabelPropagation LabelSpreading DummyClassifier CalibratedClassifierCV
  XGBClassifier XGBRFClassifier LGBMClassifier CatBoostClassifier
  BalancedRandomForestClassifier BalancedBaggingClassifier EasyEnsembleClassifier RUSBoostClassifier`,
);
declare(
  "predictor",
  "classify",
  [label, score],
  "LinearSVC Perceptron RidgeClassifier RidgeClassifierCV PassiveAggressiveClassifier OneVsOneClassifier SVC NuSVC SGDClassifier",
);
declare("predictor", "classify", [label], "NearestCentroid OutputCodeClassifier");
declare(
  "predictor",
  "regress",
  [label],
  `
  LinearRegression Ridge RidgeCV Lasso LassoCV ElasticNet ElasticNetCV Lars LarsCV LassoLars LassoLarsCV LassoLarsIC
  MultiTaskLasso MultiTaskLassoCV MultiTaskElasticNet MultiTaskElasticNetCV OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV
  BayesianRidge ARDRegression HuberRegressor TheilSenRegressor RANSACRegressor SGDRegressor PassiveAggressiveRegressor
  PoissonRegressor GammaRegressor TweedieRegressor QuantileRegressor SVR NuSVR LinearSVR DecisionTreeRegressor
  ExtraTreeRegressor RandomForestRegressor ExtraTreesRegressor GradientBoostingRegressor HistGradientBoostingRegressor
  AdaBoostRegressor KNeighborsRegressor RadiusNeighborsRegressor MLPRegressor GaussianProcessRegressor KernelRidge
  IsotonicRegression DummyRegressor XGBRegressor XGBRFRegressor XGBRanker LGBMRegressor LGBMRanker CatBoostRegressor
  CatBoostRanker CatBoost RegressorChain MultiOutputRegressor TransformedTargetRegressor BaggingRegressor`,
);
declare("predictor", "regress", [label, "transform"], "PLSRegression PLSCanonical CCA");
declare("predictor", "cluster", [label, "transform"], "KMeans MiniBatchKMeans BisectingKMeans Birch");
declare("predictor", "cluster", [label], "MeanShift AffinityPropagation");
declare("predictor", "cluster", [label, proba], "GaussianMixture BayesianGaussianMixture");
declare(
  "predictor",
  "score",
  [label, score],
  "IsolationForest OneClassSVM SGDOneClassSVM EllipticEnvelope LocalOutlierFactor",
);
/** Of no use for rows that they were not fitted with. */
declare(
  "predictor",
  "cluster",
  [],
  "DBSCAN HDBSCAN OPTICS AgglomerativeClustering SpectralClustering NearestNeighbors TSNE MDS",
);

declare(
  "transformer",
  "transform",
  ["transform"],
  `
  StandardScaler MinMaxScaler MaxAbsScaler RobustScaler Normalizer Binarizer QuantileTransformer PowerTransformer
  KBinsDiscretizer PolynomialFeatures SplineTransformer FunctionTransformer KernelCenterer OneHotEncoder OrdinalEncoder
  CategoricalEncoder TargetEncoder SimpleImputer Imputer KNNImputer IterativeImputer MissingIndicator ColumnTransformer
  FeatureUnion PCA IncrementalPCA KernelPCA SparsePCA MiniBatchSparsePCA TruncatedSVD FastICA FactorAnalysis NMF
  MiniBatchNMF LatentDirichletAllocation DictionaryLearning MiniBatchDictionaryLearning SelectKBest SelectPercentile
  SelectFpr SelectFdr SelectFwe GenericUnivariateSelect VarianceThreshold SelectFromModel SequentialFeatureSelector
  CountVectorizer TfidfVectorizer HashingVectorizer TfidfTransformer DictVectorizer FeatureHasher RBFSampler Nystroem
  AdditiveChi2Sampler SkewedChi2Sampler PolynomialCountSketch GaussianRandomProjection SparseRandomProjection
  RandomTreesEmbedding BernoulliRBM Isomap LocallyLinearEmbedding FeatureAgglomeration NeighborhoodComponentsAnalysis
  KNeighborsTransformer RadiusNeighborsTransformer PatchExtractor UMAP WOEEncoder LeaveOneOutEncoder CatBoostEncoder
  BinaryEncoder HashingEncoder CountEncoder JamesSteinEncoder MEstimateEncoder BaseNEncoder HelmertEncoder SumEncoder
  BackwardDifferenceEncoder GLMMEncoder QuantileEncoder`,
);
declare("label-encoder", "label", ["transform"], "LabelEncoder LabelBinarizer MultiLabelBinarizer");

/** Fitted with rows, and passed by when predicting. */
const samplers =
  /^(?:.*SMOTE.*|ADASYN|Random(?:Over|Under)Sampler|NearMiss|TomekLinks|ClusterCentroids|.*NearestNeighbours|.*NearestNeighbour|OneSidedSelection|NeighbourhoodCleaningRule|AllKNN|InstanceHardnessThreshold|KMeansSMOTE)$/;

export const isSampler = (className: string): boolean =>
  className.startsWith("imblearn.") && samplers.test(nameOf(className));

/** A vectorizer takes one text a row. */
export const isVectorizer = (name: string): boolean =>
  ["CountVectorizer", "TfidfVectorizer", "HashingVectorizer"].includes(name);

export function kindOf(className: string): Kind | undefined {
  const name = nameOf(className);
  const known = kinds.get(name);
  if (known !== undefined) return known;
  if (isSampler(className)) return { role: "transformer", does: "transform", answers: [] };
  if (name.endsWith("Classifier")) return { role: "predictor", does: "classify", answers: ["predict"] };
  if (name.endsWith("Regressor")) return { role: "predictor", does: "regress", answers: ["predict"] };
  return undefined;
}
