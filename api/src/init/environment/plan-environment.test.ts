import { estimator, file, folder } from "../../../test/hand-made-inspection";
import type { FileInspection, FolderInspection } from "../../inspect/inspection";
import { planEnvironments } from "./plan-environment";
import { requirementsText } from "./requirements-text";
import { compareVersions, satisfies } from "./versions";
import { writtenBy } from "./written";

const RIDGE = estimator({ class: "sklearn.linear_model._ridge.Ridge" });

const pickled = (versions: Partial<FileInspection["versions"]>, globals = ["sklearn.linear_model._ridge.Ridge"]) =>
  file("model.pkl", RIDGE, {
    globals,
    versions: {
      sklearn: [],
      outermost: undefined,
      xgboost: undefined,
      lightgbm: undefined,
      numpyMajor: undefined,
      ...versions,
    },
  });

const plan = (
  files: readonly FileInspection[],
  given: Partial<FolderInspection> = {},
  wishes: Partial<Parameters<typeof planEnvironments>[2]> = {},
) =>
  planEnvironments(writtenBy(files), folder(given), {
    needsPandas: false,
    python: undefined,
    requirements: [],
    ...wishes,
  });

const asked = (name: string, spec: string) => ({ file: "requirements.txt", name, spec });
const lines = (plans: ReturnType<typeof plan>, i = 0) => plans[i]?.requirements.map(({ name, spec }) => name + spec);

it("has the very scikit-learn that wrote the pickle, and the rest of its days", () => {
  const plans = plan([pickled({ outermost: "1.0.2", numpyMajor: 1 })]);
  expect(plans.map(({ python }) => python)).toEqual(["3.9", "3.8", "3.7"]);
  expect(lines(plans)).toEqual(["scikit-learn==1.0.2", "numpy<1.23", "scipy<1.9", "joblib<1.2"]);
  expect(plans[0]?.notes).toEqual([]);
});

it("has a joblib that can read how joblib has written arrays since 1.2, whatever the days", () => {
  const joblibOf = (outermost: string) => {
    const [first] = plan([{ ...pickled({ outermost }), container: "joblib", alignedArrays: true }]);
    return lines(first ? [first] : [])?.at(-1);
  };
  expect(["0.20.3", "1.0.2", "1.2.2", "1.6.1", "1.8.0"].map(joblibOf)).toEqual([
    "joblib>=1.2",
    "joblib>=1.2",
    "joblib>=1.2,<1.3",
    "joblib>=1.2,<1.5",
    "joblib>=1.2",
  ]);
});

it("is of a release candidate's own days", () => {
  const plans = plan([pickled({ outermost: "1.3.0rc1" })], {}, { needsPandas: true });
  expect(plans[0]?.python).toBe("3.11");
  expect(lines(plans)).toEqual(["scikit-learn==1.3.0rc1", "numpy<2", "scipy<1.14", "pandas<2.3", "joblib<1.5"]);
});

it("takes numpy's major from the stream", () => {
  const bounds = ([1, 2] as const).map((numpyMajor) => lines(plan([pickled({ outermost: "1.6.1", numpyMajor })]))?.[1]);
  expect(bounds).toEqual(["numpy<2", "numpy>=2,<2.3"]);
});

it("has the last xgboost that said no version, and the days it worked in, for a booster that says none", () => {
  const booster = pickled({ isXgboostBefore1: true }, ["xgboost.sklearn.XGBRegressor"]);
  expect(plan([booster])[0]?.python).toBe("3.7");
  expect(lines(plan([booster]))?.slice(0, 3)).toEqual(["scikit-learn==0.21.3", "xgboost==0.90", "numpy<1.20"]);
});

it("has the LightGBM of before 4.0 for a booster of its format, whatever the days", () => {
  const old = (outermost: string | undefined) =>
    lines(plan([pickled({ lightgbmFormat: "v3", outermost }, ["lightgbm.sklearn.LGBMRegressor"])]))?.slice(0, 2);
  expect(old(undefined)).toEqual(["scikit-learn==1.0.2", "lightgbm<3.4"]);
  expect(old("1.3.2")).toEqual(["scikit-learn==1.3.2", "lightgbm<4"]);
});

it("believes the stream more than requirements.txt, and says so", () => {
  const [first] = plan([pickled({ outermost: "1.2.2" })], { requirements: [asked("scikit-learn", "==1.5.0")] });
  expect(first?.requirements[0]).toEqual({
    name: "scikit-learn",
    spec: "==1.2.2",
    why: "it wrote the pickles",
    from: "model.pkl",
  });
  expect(first?.notes).toEqual([
    "requirements.txt asks for scikit-learn==1.5.0, but 1.2.2 wrote the pickles: 1.2.2 is taken.",
  ]);
});

it("takes exact pins that go with the stream, and falls back to the days' bounds", () => {
  const requirements = [
    asked("scikit-learn", "==1.0.2"),
    asked("numpy", "==1.25.2"),
    asked("scipy", "==1.8.0"),
    asked("flask", "==1"),
  ];
  const plans = plan([pickled({ outermost: "1.0.2" })], { requirements });
  expect(lines(plans)).toEqual(["scikit-learn==1.0.2", "numpy<1.23", "scipy==1.8.0", "joblib<1.2"]);
  expect(lines(plans, 1)).toEqual(["scikit-learn==1.0.2", "numpy<1.23", "scipy<1.9", "joblib<1.2"]);
  expect(plans[0]?.notes).toEqual([
    "requirements.txt asks for numpy==1.25.2, which does not go with scikit-learn 1.0.2: numpy<1.23 is taken.",
  ]);
});

it("takes all of a requirements.txt that comes with its Python", () => {
  const requirements = [asked("scikit-learn", "==0.23.2"), asked("numpy", "==1.21.6"), asked("xgboost", "==1.6.2")];
  const python = { file: "python-version", version: "3.7.16" };
  const plans = plan([pickled({ xgboost: "1.6.2" }, ["xgboost.sklearn.XGBClassifier"])], { requirements, python });
  expect(plans[0]?.python).toBe("3.7");
  expect(lines(plans)).toEqual([
    "scikit-learn==0.23.2",
    "xgboost==1.6.2",
    "numpy==1.21.6",
    "scipy<1.6",
    "joblib<1.2",
    "setuptools<81",
  ]);
});

it("tells of a Python that has no wheels, and takes another", () => {
  const [first] = plan([pickled({ outermost: "1.8.0" })], { python: { file: "runtime.txt", version: "3.8.10" } });
  expect(first?.python).toBe("3.13");
  expect(first?.notes).toEqual([
    "runtime.txt says Python 3.8.10, for which scikit-learn 1.8.0 has no wheels: Python 3.13 is taken.",
  ]);
});

it("goes by xgboost where no scikit-learn is named", () => {
  const of = (xgboost: string) => {
    const [first] = plan([pickled({ xgboost }, ["xgboost.sklearn.XGBRegressor"])]);
    return [first?.python, ...(first?.requirements.slice(0, 3).map(({ name, spec }) => name + spec) ?? [])];
  };
  expect(of("1.7.5")).toEqual(["3.11", "scikit-learn==1.4.2", "xgboost==1.7.5", "numpy<2"]);
  expect(of("2.0.3")).toEqual(["3.11", "scikit-learn==1.4.2", "xgboost==2.0.3", "numpy<2"]);
  expect(of("3.0.2")).toEqual(["3.12", "scikit-learn==1.6.1", "xgboost==3.0.2", "numpy>=2,<2.3"]);
});

it("has what the globals name, and what a person requires", () => {
  const globals = ["sklearn.svm._classes.SVC", "dill._dill._create_array", "lightgbm.basic.Booster"];
  const plans = plan(
    [pickled({ outermost: "0.21.3" }, globals)],
    {},
    { requirements: ["NLTK==3.6", "joblib"], python: "3.7" },
  );
  expect(plans).toHaveLength(1);
  expect(lines(plans)).toEqual([
    ...["scikit-learn==0.21.3", "lightgbm<3", "numpy<1.20", "scipy<1.5", "dill==0.3.3", "nltk==3.6", "joblib"],
  ]);
});

it("is written with a reason on every line", () => {
  const [first] = plan([pickled({ outermost: "1.6.1" })]);
  expect(first && requirementsText(first.requirements).split("\n").slice(0, 2)).toEqual([
    "scikit-learn==1.6.1          # it wrote the pickles",
    "numpy>=2,<2.3                # of the days of scikit-learn 1.6.1",
  ]);
});

it("versions are ordered as their numbers are, a candidate before its release", () => {
  expect(["1.10.0", "1.9", "1.3.0rc1", "1.3.0"].toSorted(compareVersions)).toEqual([
    "1.3.0rc1",
    "1.3.0",
    "1.9",
    "1.10.0",
  ]);
  expect(satisfies("2.2.6", ">=2,<2.3")).toBe(true);
  expect(satisfies("2.3.0", ">=2,<2.3")).toBe(false);
  expect(satisfies("1.3.2", "==1.3.*")).toBe(true);
  expect(satisfies("1.3.2", "")).toBe(true);
});
