import type { Thing } from "../../inspect/inspection";
import { estimatorAt, placeText } from "../chain/place";
import type { Looked } from "../look";

/** A probability that the training kept beside a model of two classes: from there on it may have answered yes. */
export function thresholdsBeside({
  inspection,
  chain,
  answers,
}: Pick<Looked, "inspection" | "chain" | "answers">): string[] {
  const predictor = estimatorAt(inspection, chain.predictor);
  if (answers.threshold !== undefined || predictor?.classes?.length !== 2) return [];
  if (!predictor.answers.includes("predict_proba")) return [];
  const { file, key } = chain.predictor;
  const holder = inspection.files.find((one) => one.file === file)?.thing;
  return holder === undefined || key.length === 0
    ? []
    : numbersIn(holder, []).map(
        ([path, value]) =>
          `${placeText({ file, key: path })} is ${value}: give --threshold ${value} to answer classes by it.`,
      );
}

type Path = readonly (string | number)[];

function numbersIn(thing: Thing, path: Path): [Path, number][] {
  if (thing.kind !== "dict") return [];
  return thing.entries.flatMap(([key, member]): [Path, number][] => {
    const own = [...path, key];
    if (member.kind === "dict") return numbersIn(member, own);
    const value = member.kind === "value" && typeof member.value === "number" ? member.value : Number.NaN;
    return /threshold|cut_?off/i.test(String(key)) && value > 0 && value < 1 ? [[own, value]] : [];
  });
}
