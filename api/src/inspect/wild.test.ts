import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { absence, realArtifacts } from "../../test/shared-material";
import { placeText } from "./chains/candidates";
import { inspectFolder } from "./inspect-folder";
import type { FileInspection, FolderInspection, Thing } from "./inspection";

/** What was read from public repositories' pickles by other means, and what their artifacts said when they were run. */
interface Facts {
  readonly files: Record<string, FileFacts>;
  readonly runs: readonly { readonly artifacts: Record<string, RunFacts>; readonly chains?: readonly ChainFacts[] }[];
}
interface FileFacts {
  readonly container: string;
  readonly compression: string | null;
  readonly protocol: readonly number[];
  readonly sklearn_versions: readonly string[];
  readonly xgboost_version: string | null;
  readonly numpy_ge_2_modules: boolean;
  readonly globals: readonly string[];
  readonly structure: Structure;
}
interface Structure {
  readonly class?: string;
  readonly sklearn?: string;
  readonly n_features_in_?: number;
  readonly feature_names_in_?: readonly string[] | string;
  readonly classes_?: readonly unknown[];
  readonly steps?: readonly [string, Structure][];
  readonly dict?: Record<string, Structure | string>;
}
interface RunFacts {
  readonly loaded: boolean;
  readonly n_features_in: number | null;
  readonly feature_names: readonly string[] | null;
  readonly classes: readonly unknown[] | null;
  readonly calls?: Record<string, unknown>;
}
interface ChainFacts {
  readonly transform: string;
  readonly model: string;
}

const wild = resolve(realArtifacts("."), "..", "wild");
const repositories = existsSync(wild)
  ? readdirSync(wild).filter((name) => existsSync(join(wild, name, "facts.json")))
  : [];

if (repositories.length === 0)
  test.skip(`Public repositories' pickles, as others read them. ${absence}`, () => undefined);
for (const name of repositories) {
  describe(name, () => {
    agreement(name);
  });
}

function agreement(name: string): void {
  const facts = JSON.parse(readFileSync(join(wild, name, "facts.json"), "utf8")) as Facts;
  let inspection: FolderInspection;
  beforeAll(async () => {
    inspection = await inspectFolder(join(wild, name));
  });

  test("every file's container, versions and globals", () => {
    const read = inspection.files.map((file) => [file.file, summary(file)]);
    const expected = Object.entries(facts.files).map(([file, of]) => [
      file,
      {
        container: of.container,
        compression: of.compression,
        protocol: of.protocol.at(-1),
        sklearn: of.sklearn_versions,
        xgboost: of.xgboost_version,
        numpy2: of.numpy_ge_2_modules,
        globals: of.globals,
      },
    ]);
    expect(Object.fromEntries(read)).toEqual(Object.fromEntries(expected));
  });

  test("what is in every file: classes, widths, names, labels", () => {
    for (const [file, { structure }] of Object.entries(facts.files)) {
      const found = inspection.files.find((one) => one.file === file);
      expect({ file, ...partsIn(structure, found?.thing) }).toEqual({ file, missing: [] });
    }
  });

  test("what the artifacts said when they were run", () => {
    for (const { artifacts } of facts.runs) {
      for (const [place, said] of Object.entries(artifacts)) {
        const thing = at(inspection, place);
        if (thing?.kind !== "estimator") continue;
        const calls = Object.keys(said.calls ?? {}).filter((call) => call !== "decision_function");
        expect({ place, calls: thing.answers.filter((call) => call !== "decision_function") }).toEqual({
          place,
          calls,
        });
        if (said.n_features_in !== null)
          expect({ place, width: thing.width }).toEqual({ place, width: said.n_features_in });
        if (said.classes !== null) expect(thing.classes?.slice(0, 5)).toEqual(said.classes.slice(0, 5));
        if (said.feature_names !== null) expect(thing.names).toEqual(said.feature_names);
      }
    }
  });

  test("which files belong together", () => {
    const found = inspection.chains.flatMap(({ transformers, predictor }) =>
      transformers.map((one) => `${placeText(one)} → ${placeText(predictor)}`),
    );
    const expected = facts.runs.flatMap(({ chains = [] }) =>
      chains.map(({ transform, model }) => `${transform} → ${model}`),
    );
    expect(found).toEqual(expect.arrayContaining(expected));
  });
}

const summary = ({ container, compression, protocol, versions, globals }: FileInspection) => ({
  container,
  compression,
  protocol,
  sklearn: versions.sklearn,
  xgboost: versions.xgboost ?? null,
  numpy2: versions.numpyMajor === 2,
  globals,
});

/** What the facts say that the inspection does not. */
function partsIn(structure: Structure | string, thing: Thing | undefined): { missing: unknown[] } {
  if (typeof structure === "string") return { missing: [] };
  if (structure.dict !== undefined) {
    const entries = new Map(thing?.kind === "dict" ? thing.entries : []);
    return { missing: Object.entries(structure.dict).flatMap(([key, of]) => partsIn(of, entries.get(key)).missing) };
  }
  if (structure.class === undefined || structure.sklearn === undefined) return { missing: [] };
  if (thing?.kind !== "estimator") return { missing: [structure] };
  const wrong = [
    ...(thing.class === structure.class ? [] : [{ class: thing.class, expected: structure.class }]),
    ...(structure.n_features_in_ === undefined || structure.n_features_in_ === thing.width
      ? []
      : [{ width: thing.width, expected: structure.n_features_in_ }]),
    ...(isTold(structure.feature_names_in_, thing.names)
      ? []
      : [{ names: thing.names, expected: structure.feature_names_in_ }]),
    ...(isTold(structure.classes_, thing.classes) ? [] : [{ classes: thing.classes, expected: structure.classes_ }]),
  ];
  const steps = structure.steps ?? [];
  const parts = new Map(thing.parts.map((part) => [part.name, part.thing]));
  return { missing: [...wrong, ...steps.flatMap(([step, of]) => partsIn(of, parts.get(step)).missing)] };
}

/** Long lists are cut short in the facts. */
const isTold = (expected: readonly unknown[] | string | undefined, found: readonly unknown[] | undefined): boolean =>
  !Array.isArray(expected) || expected.filter(isWhole).every((value, place) => value === found?.[place]);
const isWhole = (value: unknown): boolean => typeof value !== "string" || !/^(?:\.\.\.|…)/.test(value);

function at({ files }: FolderInspection, place: string): Thing | undefined {
  const [file, key] = place.split("#");
  const thing = files.find((one) => one.file === file)?.thing;
  if (key === undefined) return thing;
  return thing?.kind === "dict" ? thing.entries.find(([name]) => String(name) === key)?.[1] : undefined;
}
