import { readFileSync } from "node:fs";
import { join } from "node:path";

import Ajv from "ajv";
import { parse } from "yaml";

import { project } from "../project";
import { bundleNames } from "./completion";
import { manifestJsonSchema } from "./manifest-json-schema";

const validate = new Ajv({ allErrors: true, strict: false }).compile(manifestJsonSchema());
const faultsOf = (manifest: unknown): unknown[] => (validate(manifest) ? [] : (validate.errors ?? []));
const manifestOf = (folder: string): Record<string, unknown> =>
  parse(readFileSync(join(folder, "model.yaml"), "utf8"), { stringKeys: true }) as Record<string, unknown>;

const committed = bundleNames().map((name) => join(project.modelsFolder, name));

it.each(committed)("every model.yaml is one: %s", (folder) => {
  expect(faultsOf(manifestOf(folder))).toEqual([]);
});

describe("what model.yaml refuses, an editor marks", () => {
  const [folder = ""] = committed;
  const changed = (change: Record<string, unknown>): boolean =>
    faultsOf({ ...manifestOf(folder), ...change }).length > 0;

  it.each([
    ["a key that is unknown", { extras: "error" }],
    ["a version that is a number", { version: 1 }],
    ["an input's type that there is not", { inputs: { x: "nubmer" } }],
    ["a rule that the type does not know", { inputs: { x: { type: "text", null: "nan" } } }],
    ["no input at all", { inputs: {} }],
    ["a step that there is not", { steps: [{ predikt: "model", output: "p" }] }],
    ["a step without its output", { steps: [{ predict: "model" }] }],
  ])("%s", (_, change) => {
    expect(changed(change)).toBe(true);
  });

  it("and nothing else", () => {
    expect(changed({})).toBe(false);
  });
});
