import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { stepNames as checkSteps } from "../../src/check/check-result";
import { exitCodes } from "../../src/cli/exit-codes";
import { verbNames } from "../../src/cli/verbs";
import { DATETIME_PARTS } from "../../src/bundle/date-cells";
import { inputTypes } from "../../src/bundle/input-types";
import { manifestSchema, reservedKeys } from "../../src/bundle/manifest";
import { stepSchemas } from "../../src/bundle/steps";
import { problemNames } from "../../src/problems";
import { project } from "../../src/project";
import { settingNames } from "../../src/settings";

const page = (path: string): string => readFileSync(join(project.root, path), "utf8");

describe("what the pages say", () => {
  test("every setting stands in docs/settings.md", () => {
    const text = page("docs/settings.md");
    expect(settingNames.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  test("every problem that a caller can receive stands in docs/api.md", () => {
    const text = page("docs/api.md");
    const received = problemNames.filter((name) => name !== "client-gone");
    expect(received.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  test("every key, input type, step and reserved word of model.yaml stands in docs/model-yaml.md", () => {
    const text = page("docs/model-yaml.md");
    const words = [
      ...Object.keys(manifestSchema.shape),
      ...inputTypes,
      ...DATETIME_PARTS,
      ...Object.entries(stepSchemas).flatMap(([step, schema]) => [step, ...Object.keys(schema.shape)]),
      ...reservedKeys,
    ];
    expect(words.filter((word) => !new RegExp(`\\b${word}\\b`).test(text))).toEqual([]);
  });

  test("every verb and every exit code of the command line stands in docs/cli.md, every step of check in docs/check.md", () => {
    const text = page("docs/cli.md");
    expect(verbNames.filter((verb) => !text.includes(`\n## ${verb}\n`))).toEqual([]);
    const rows = Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`);
    expect(rows.filter((row) => !text.includes(row))).toEqual([]);
    expect(checkSteps.filter((step) => !page("docs/check.md").includes(`| \`${step}\` |`))).toEqual([]);
  });

  test("the README's answer is the one that its curl gets", () => {
    const sample = JSON.parse(page("models/classification/samples/readme.json")) as {
      request: unknown;
      response: unknown;
    };
    const [, answer = ""] = /```json\n(.*)\n```/.exec(page("README.md")) ?? [];
    expect(JSON.parse(answer)).toEqual(sample.response);
    expect(JSON.parse(page("models/classification/row.json"))).toEqual(sample.request);
  });

  test("every link between pages leads somewhere", () => {
    const pages = execFileSync("git", ["ls-files", "*.md"], { cwd: project.root, encoding: "utf8" }).trim().split("\n");
    const known = new Set(execFileSync("git", ["ls-files"], { cwd: project.root, encoding: "utf8" }).split("\n"));
    const broken = pages.flatMap((file) =>
      [...page(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, target = ""]) => join(file, "..", target))
        .filter((target) => !known.has(target) && ![...known].some((path) => path.startsWith(`${target}/`)))
        .map((target) => `${file} → ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
