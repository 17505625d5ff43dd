import { guessedNote } from "./guessed";
import type { Requirement } from "./requirements-text";

const line = (name: string, spec: string): Requirement => ({ name, spec, why: "" });
const environment = {
  python: "3.12",
  requirements: [line("scikit-learn", "==1.6.1"), line("numpy", ">=2,<2.3"), line("pandas", "<3"), line("scipy", "")],
  why: [],
  notes: [],
};
const taken = { "scikit-learn": "1.6.1", numpy: "2.2.6", pandas: "2.3.3", scipy: "1.15.3" };
const file = (version: string) => ({ version, file: "runtime.txt" });

it("says which Python and which computing libraries nothing has named, and the flags that name them", () => {
  expect(guessedNote(environment, taken, { person: undefined, file: undefined })).toEqual([
    "No file says which Python, numpy and scipy wrote the pickles: Python 3.12, numpy 2.2.6 and scipy 1.15.3 of those days, a guess. Mend it with --python 3.x, --require numpy==VERSION.",
  ]);
});

it("says nothing of what a person or a file of the folder has named", () => {
  const requirements = [line("scikit-learn", "==1.6.1"), line("numpy", "==2.2.6")];
  const named = { ...environment, requirements };
  expect(guessedNote(named, taken, { person: "3.12", file: undefined })).toEqual([]);
  expect(guessedNote(named, taken, { person: undefined, file: file("3.12.4") })).toEqual([]);
  expect(guessedNote(named, taken, { person: undefined, file: file("3.11.9") })).toEqual([
    "No file says which Python wrote the pickles: Python 3.12 of those days, a guess. Mend it with --python 3.x.",
  ]);
});
