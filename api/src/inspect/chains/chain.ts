import type { Chain, InputFact } from "../inspection";
import type { NameList } from "../folder/side-files";
import { type Candidate, placeText } from "./candidates";
import { type ChainStep, chainInputs } from "./chain-inputs";
import { type Categories, type Dummies, dummiesOf, dummyInputs, guessedDummies, valuesDoubt } from "./dummies";
import { classNames } from "./class-names";
import { keepsColumns } from "./fit";
import { labelEncodersOf } from "./label-encoders";
import { isSameNames, listsOf } from "./lists";
import { listed, partialSteps } from "./partial";
import { parallelSteps } from "./parallel";
import { type Path, pathsTo, rivalry } from "./paths";
import { wideSteps } from "./wide";
import { isOfTheAnswer } from "./words";

/** What a folder holds, as far as chains are made of it. */
export interface Material {
  readonly transformers: readonly Candidate[];
  readonly labelEncoders: readonly Candidate[];
  readonly lists: readonly NameList[];
  readonly categories: Categories;
}

/** One chain, or one for each of several transformers that fit equally well. */
export function chainsOf(predictor: Candidate, material: Material): Chain[] {
  const transformers = material.transformers.filter((one) => !isAnswerScaler(one, predictor));
  const paths = pathsTo(predictor, transformers);
  const doubts = rivalry(paths);
  if (paths.length > 0) return paths.map((path) => alongPath(predictor, path, material, doubts));
  return [withoutPath(predictor, material, transformers)];
}

function isAnswerScaler(one: Candidate, predictor: Candidate): boolean {
  const { width, takes } = one.estimator;
  return (
    width === 1 &&
    takes !== "text" &&
    keepsColumns(one.estimator) &&
    (predictor.estimator.width !== 1 || isOfTheAnswer(one)) &&
    isNameless(one, predictor)
  );
}

const isNameless = (one: Candidate, predictor: Candidate): boolean =>
  !(one.estimator.names?.some((name) => predictor.estimator.names?.includes(name)) ?? false);

interface Draft {
  readonly steps: readonly ChainStep[];
  readonly list?: NameList | undefined;
  readonly select?: (NameList & { readonly dummies: Dummies }) | undefined;
  readonly reasons: readonly string[];
  readonly doubts: readonly string[];
}

/** All columns go through the transformers; before the first of them, encoders of some. */
function alongPath(predictor: Candidate, path: Path, material: Material, doubts: readonly string[]): Chain {
  const [first] = path.transformers;
  const own =
    first?.estimator.names ??
    (path.transformers.every(({ estimator }) => keepsColumns(estimator)) ? predictor.estimator.names : undefined);
  const list =
    own === undefined && first?.estimator.takes !== "text"
      ? listsOf(first?.estimator.width, material.lists, predictor)[0]
      : undefined;
  const names = own ?? list?.names;
  const others = material.transformers.filter((one) => !path.transformers.includes(one));
  const encoders = others.filter((one) => !keepsColumns(one.estimator));
  const before =
    first === undefined || names === undefined ? { steps: [], reasons: [] } : partialSteps(names, first, encoders);
  const whole = path.transformers.map((candidate) => ({ candidate }));
  return finished(predictor, material, {
    steps: [...before.steps, ...whole],
    list,
    reasons: [...before.reasons, ...path.reasons],
    doubts: [...path.doubts, ...doubts],
  });
}

/** Columns come as they are, or some of them through a transformer, or as a choice of more. */
function withoutPath(predictor: Candidate, material: Material, transformers: readonly Candidate[]): Chain {
  const { names, width, takes } = predictor.estimator;
  if (takes !== "numbers") return finished(predictor, material, { steps: [], reasons: [], doubts: [] });
  const list = listsOf(width, material.lists, predictor).find(
    (one) => names === undefined || isSameNames(one.names, names),
  );
  const wanted = names ?? list?.names;
  const parallel = names === undefined ? parallelSteps(predictor, transformers) : undefined;
  if (parallel !== undefined) return { ...finished(predictor, material, parallel), parallel: true };
  if (wanted === undefined) return finished(predictor, material, { steps: [], reasons: [], doubts: [] });
  const wide = wideSteps(wanted, predictor, transformers);
  if (wide !== undefined) return selected(predictor, material, wanted, list, wide);
  const dummies = dummiesOf(wanted, material.categories);
  const some = partialSteps(wanted, predictor, transformers);
  if (dummies.names.size > 0 && some.steps.length === 0)
    return selected(predictor, material, wanted, list, { steps: [], reasons: [], dummies });
  return finished(predictor, material, { ...some, list: names === undefined ? list : undefined, doubts: [] });
}

/** The predictor takes a choice of what there is: of a wider transformer's columns, of a category's values. */
function selected(
  predictor: Candidate,
  material: Material,
  wanted: readonly string[],
  list: NameList | undefined,
  { steps, reasons, dummies }: { steps: readonly ChainStep[]; reasons: readonly string[]; dummies?: Dummies },
): Chain {
  const before = new Set(steps.flatMap(({ candidate }) => candidate.estimator.names ?? []));
  const rest = wanted.filter((name) => !before.has(name));
  const known = dummies ?? dummiesOf(rest, material.categories);
  const guessed = guessedDummies(rest.filter((name) => !known.names.has(name) && steps.length > 0));
  const all = {
    categories: new Map([...known.categories, ...guessed.categories]),
    names: new Set([...known.names, ...guessed.names]),
  };
  const doubts = [...guessed.categories].map(([column, values]) => valuesDoubt(column, listed(values.map(String))));
  const select = { ...(list ?? { file: predictor.file, key: predictor.key, names: wanted }), dummies: all };
  const place = list === undefined ? placeText(predictor) : placeText(list);
  return finished(predictor, material, {
    steps,
    select,
    reasons: [...reasons, `${place} lists the ${wanted.length} columns that ${placeText(predictor)} takes`],
    doubts,
  });
}

function finished(predictor: Candidate, material: Material, { steps, list, select, reasons, doubts }: Draft): Chain {
  const inputs =
    select === undefined ? chainInputs(steps, predictor, list?.names, []) : selectInputs(steps, predictor, select);
  const names =
    inputs.every(({ name }) => name !== undefined) && inputs.length > 0
      ? inputs.flatMap(({ name }) => name ?? [])
      : undefined;
  const isText = inputs.length === 1 && inputs[0]?.type === "text";
  // A text is no column that an encoder could be of.
  const { encoders, ...said } = labelEncodersOf(material.labelEncoders, predictor, isText ? [] : names);
  const classList = said.labels === undefined ? classNames(material.lists, predictor) : undefined;
  const labels =
    classList === undefined ? said.labels : { file: classList.file, key: classList.key, classes: classList.names };
  const labelReason =
    classList === undefined ? [] : [`${placeText(classList)} has the names of the ${classList.names.length} classes`];
  const scaler = material.transformers.find((one) => isAnswerScaler(one, predictor) && isOfTheAnswer(one));
  const listReason =
    list === undefined ? [] : [`${placeText(list)} names ${list.names.length} columns, as many as there are`];
  return {
    predictor: { file: predictor.file, key: predictor.key },
    transformers: steps.map(({ candidate, columns }) => ({
      file: candidate.file,
      key: candidate.key,
      ...(columns === undefined ? {} : { columns }),
    })),
    encoders,
    ...(labels === undefined ? {} : { labels }),
    ...(scaler === undefined ? {} : { answerScaler: { file: scaler.file, key: scaler.key } }),
    ...(list === undefined ? {} : { names: { from: placeText(list), names: list.names } }),
    ...(select === undefined ? {} : { select: { file: select.file, key: select.key, names: select.names } }),
    inputs: encoders.length === 0 ? inputs : chainInputs(steps, predictor, list?.names, encoders),
    reasons: [...reasons, ...listReason, ...said.reasons, ...labelReason],
    doubts: [...doubts, ...said.doubts, ...answerDoubts(scaler)],
  };
}

const answerDoubts = (scaler: Candidate | undefined): string[] =>
  scaler === undefined
    ? []
    : [`${placeText(scaler)} looks like the scaler of the answer: what is predicted is in its units.`];

/** What the transformers take, names that are inputs as they stand, then the categories behind the dummies. */
function selectInputs(
  steps: readonly ChainStep[],
  predictor: Candidate,
  { names, dummies }: NameList & { dummies: Dummies },
): InputFact[] {
  const [first] = steps;
  const through = first === undefined ? [] : chainInputs(steps, first.candidate, undefined, []);
  const known = new Set(through.map(({ name }) => name));
  const own = names.filter((name) => !known.has(name) && !dummies.names.has(name));
  const facts = own.map((name, place) => ({
    name,
    place: through.length + place,
    type: "number" as const,
    nullable: predictor.estimator.inputs[names.indexOf(name)]?.nullable ?? false,
  }));
  return [...through, ...facts, ...dummyInputs(dummies, through.length + facts.length)];
}
