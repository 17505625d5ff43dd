import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { type BundleJson, digestOf, sha256 } from "./description";
import { draftOf } from "./draft";
import { BundleError } from "./finding";
import { type Bundle, bundleFolder, finalDescription, readBundle, readBundles } from "./read-bundles";
import { readManifest } from "./read-manifest";

let models: string;
beforeEach(() => {
  models = mkdtempSync(join(tmpdir(), "picklepod-bundles-"));
});
afterEach(() => {
  rmSync(models, { recursive: true });
});

const yaml = (name: string): string => `name: ${name}
version: "1"
environment: {python: "3.9"}
artifacts: {model: model.pkl}
inputs: {x: number}
steps: [{predict: model, output: p}]
outputs: {p: p}
`;

const TRAINED = {
  artifacts: { "model.pkl": { sha256: sha256("a pickle"), size: 8, root: "builtins.dict", globals: [] } },
  tensors: { p: { datatype: "FP64" as const, columns: null } },
};

/** A pinned bundle, small, by hand. */
function writeBundle(name: string, folder = join(models, name), isTrained = false): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "model.yaml"), yaml(name));
  writeFileSync(join(folder, "requirements.lock"), "numpy==1.19.5\n");
  if (!isTrained) writeFileSync(join(folder, "model.pkl"), "a pickle");
  const lock = { file: "requirements.lock", sha256: sha256("numpy==1.19.5\n"), packages: { numpy: "1.19.5" } };
  const draft = draftOf(readManifest(join(folder, "model.yaml")), lock, sha256(yaml(name)));
  const pins = isTrained ? { artifacts: "trained" as const, tensors: "trained" as const } : TRAINED;
  writeJson(folder, { ...draft, ...pins } as BundleJson);
  return folder;
}

function writeJson(folder: string, json: BundleJson): void {
  writeFileSync(join(folder, "bundle.json"), JSON.stringify({ ...json, digest: digestOf(json) }));
}

const jsonOf = (folder: string): BundleJson =>
  JSON.parse(readFileSync(join(folder, "bundle.json"), "utf8")) as BundleJson;

function refusal(folder: string): string[] {
  try {
    readBundle(folder);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return error.findings.map(({ file, message, remedy }) =>
      `${file}: ${message}. ${remedy}`.replaceAll(relative(process.cwd(), models), "M"),
    );
  }
  return [];
}

it("reads a pinned bundle whole", () => {
  const folder = writeBundle("mine");
  expect(readBundle(folder)).toEqual({
    name: "mine",
    folder,
    manifest: readManifest(join(folder, "model.yaml")),
    inputs: new Map([["x", { type: "number", null: "error", absent: "error" }]]),
    json: jsonOf(folder),
  });
});

describe("refuses, with a remedy, a bundle", () => {
  const stale = (text: string): string => sha256(text).slice(0, 12);

  it("whose model.yaml was changed", () => {
    const folder = writeBundle("mine");
    const changed = `${yaml("mine")}extra: ignore\n`;
    writeFileSync(join(folder, "model.yaml"), changed);
    expect(refusal(folder)).toEqual([
      `M/mine/model.yaml: has the sha256 ${stale(changed)}…, bundle.json was made from ${stale(yaml("mine"))}…: bundle.json is stale. If you meant to change it, run: picklepod pin M/mine`,
    ]);
  });

  it("whose lock and artifact were changed, both at once", () => {
    const folder = writeBundle("mine");
    writeFileSync(join(folder, "requirements.lock"), "numpy==1.19.6\n");
    writeFileSync(join(folder, "model.pkl"), "another pickle");
    expect(refusal(folder)).toEqual([
      `M/mine/requirements.lock: has the sha256 ${stale("numpy==1.19.6\n")}…, bundle.json was made from ${stale("numpy==1.19.5\n")}…: bundle.json is stale. If you meant to change it, run: picklepod pin M/mine`,
      `M/mine/model.pkl: has the sha256 ${stale("another pickle")}…, bundle.json was made from ${stale("a pickle")}…: bundle.json is stale. If you meant to change it, run: picklepod pin M/mine`,
    ]);
  });

  it("whose own code was changed", () => {
    const folder = writeBundle("mine");
    const text = `${yaml("mine")}code: {__main__: notebook.py}\n`;
    writeFileSync(join(folder, "model.yaml"), text);
    writeFileSync(join(folder, "notebook.py"), "x = 1\n");
    const { artifacts, tensors, lock } = jsonOf(folder);
    const code = { __main__: { sha256: sha256("x = 1\n"), size: 6 } };
    const draft = draftOf(readManifest(join(folder, "model.yaml")), lock, sha256(text), code);
    writeJson(folder, { ...draft, artifacts, tensors } as BundleJson);
    expect(readBundle(folder).json.code).toEqual({ __main__: { file: "notebook.py", ...code.__main__ } });
    writeFileSync(join(folder, "notebook.py"), "x = 2\n");
    expect(refusal(folder)).toEqual([
      `M/mine/notebook.py: has the sha256 ${stale("x = 2\n")}…, bundle.json was made from ${stale("x = 1\n")}…: bundle.json is stale. If you meant to change it, run: picklepod pin M/mine`,
    ]);
  });

  it("whose artifact is missing, or is a folder", () => {
    const folder = writeBundle("mine");
    const expected = [
      "M/mine/model.pkl: is not there, but bundle.json names it. Bring it back, or pin the bundle again",
    ];
    rmSync(join(folder, "model.pkl"));
    expect(refusal(folder)).toEqual(expected);
    mkdirSync(join(folder, "model.pkl"));
    expect(refusal(folder)).toEqual(expected);
  });

  it("whose bundle.json was changed by hand", () => {
    const folder = writeBundle("mine");
    writeFileSync(join(folder, "bundle.json"), JSON.stringify({ ...jsonOf(folder), version: "2" }));
    expect(refusal(folder)).toEqual([
      "M/mine/bundle.json: was changed by hand: its digest is not its own. Run: picklepod pin M/mine",
    ]);
  });

  it("whose bundle.json says other than model.yaml does, though its digest is its own", () => {
    const folder = writeBundle("mine");
    const json = jsonOf(folder);
    writeJson(folder, { ...json, inputs: { ...json.inputs, numbers: ["y"] } });
    expect(refusal(folder)).toEqual([
      "M/mine/bundle.json: is stale: this version of Picklepod reads model.yaml otherwise. Run: picklepod pin M/mine",
    ]);
    writeJson(folder, { ...json, files: {} });
    expect(refusal(folder)).toEqual([
      "M/mine/bundle.json: is stale: this version of Picklepod reads model.yaml otherwise. Run: picklepod pin M/mine",
    ]);
  });

  it.each([
    ["{", "is not JSON"],
    ["null", "is not what this version of Picklepod writes"],
    ['{"format": 2}', "is not what this version of Picklepod writes"],
  ])("whose bundle.json is %s", (text, message) => {
    const folder = writeBundle("mine");
    writeFileSync(join(folder, "bundle.json"), text);
    expect(refusal(folder)).toEqual([`M/mine/bundle.json: ${message}. Run: picklepod pin M/mine`]);
  });

  it("that has not been pinned", () => {
    const folder = writeBundle("mine");
    rmSync(join(folder, "bundle.json"));
    expect(refusal(folder)).toEqual([
      "M/mine/bundle.json: is not there: the bundle has not been pinned. Run: picklepod pin M/mine",
    ]);
  });

  it("that is not there at all", () => {
    expect(refusal(join(models, "none"))).toEqual([
      "M/none/model.yaml: is not there. A bundle is a folder with a model.yaml: `picklepod init <a folder of pickles>` writes one",
    ]);
  });
});

describe("of many bundles", () => {
  const names = (bundles: readonly Bundle[]): string[] => bundles.map(({ name }) => name);

  it("the first asked for is the first; of all, classification is", () => {
    for (const name of ["zebra", "classification", "ape"]) writeBundle(name);
    mkdirSync(join(models, "no-bundle"));
    expect(names(readBundles(["zebra", "ape"], models).bundles)).toEqual(["zebra", "ape"]);
    expect(names(readBundles(["all"], models).bundles)).toEqual(["classification", "ape", "zebra"]);
    expect(names(readBundles(["ape", "all", "ape"], models).bundles)).toEqual(["ape", "classification", "zebra"]);
  });

  it("every refused one is told, and the others are read", () => {
    rmSync(join(writeBundle("a"), "bundle.json"));
    writeFileSync(join(writeBundle("b"), "model.pkl"), "changed");
    writeBundle("c");
    const { bundles, refused } = readBundles(["a", "b", "c", "none"], models);
    expect(names(bundles)).toEqual(["c"]);
    expect([...refused].map(([name, findings]) => [name, findings.length])).toEqual([
      ["a", 1],
      ["b", 1],
      ["none", 1],
    ]);
  });

  it("two with one name are told apart by their folders, and the second is refused", () => {
    cpSync(writeBundle("mine"), join(models, "copy"), { recursive: true });
    const { bundles, refused } = readBundles(["mine", "copy"], models);
    expect(names(bundles)).toEqual(["mine"]);
    expect([...refused]).toEqual([
      [
        "copy",
        [
          {
            file: relative(process.cwd(), join(models, "copy", "model.yaml")),
            message: "another selected bundle is called mine",
            remedy: expect.stringMatching(/^Give one of them another name/) as string,
          },
        ],
      ],
    ]);
  });

  it("refused ones whose folders have one name are both told", () => {
    const { refused } = readBundles([join(models, "a", "mine"), join(models, "b", "mine")], models);
    expect([...refused.values()].flat().map(({ file }) => file)).toEqual(
      ["a", "b"].map((folder) => relative(process.cwd(), join(models, folder, "mine", "model.yaml"))),
    );
  });
});

it("takes a word with a slash for a path, and one without for a folder of models/", () => {
  expect(bundleFolder("mine", "/m")).toBe("/m/mine");
  expect(bundleFolder("./mine", "/m")).toBe(join(process.cwd(), "mine"));
  expect(bundleFolder("/elsewhere/mine", "/m")).toBe("/elsewhere/mine");
});

describe("the final description", () => {
  it("of a pinned bundle is its bundle.json", () => {
    const folder = writeBundle("mine");
    expect(finalDescription(readBundle(folder), "nowhere")).toEqual(jsonOf(folder));
  });

  it("of a trained one has the pins of what was trained, under a digest of their own", () => {
    const bundle = readBundle(writeBundle("mine", undefined, true));
    const state = join(models, "state");
    mkdirSync(join(state, "mine"), { recursive: true });
    writeFileSync(join(state, "mine", "trained.json"), JSON.stringify(TRAINED));
    const expected = { ...bundle.json, ...TRAINED };
    expect(finalDescription(bundle, state)).toEqual({ ...expected, digest: digestOf(expected) });
    expect(digestOf(expected)).not.toBe(bundle.json.digest);
  });

  it.each([
    [undefined, "is not there: the artifacts are not trained"],
    ["{", "is not JSON"],
    ["{}", "is not what this version of Picklepod writes"],
  ])("of one whose trained.json is %s is refused", (text, message) => {
    const bundle = readBundle(writeBundle("mine", undefined, true));
    const folder = join(models, "mine");
    if (text !== undefined) writeFileSync(join(folder, "trained.json"), text);
    expect(() => finalDescription(bundle, models)).toThrow(
      new BundleError([{ file: join(folder, "trained.json"), message, remedy: `Remove ${folder} and start again` }]),
    );
  });
});
