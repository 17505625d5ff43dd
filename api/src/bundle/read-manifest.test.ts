import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BundleError, type Finding, findingText } from "./finding";
import type { Manifest } from "./manifest";
import { readManifest } from "./read-manifest";

const folder = mkdtempSync(join(tmpdir(), "picklepod-manifest-"));
const file = join(folder, "model.yaml");
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function read(yaml: string): Manifest {
  writeFileSync(file, yaml);
  return readManifest(file);
}

/** Every finding as `line: message. remedy`. */
function findings(yaml: string): string[] {
  try {
    read(yaml);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return error.findings.map((finding) => `${finding.line}: ${finding.message}. ${finding.remedy}`);
  }
  return [];
}

const GOOD = `name: mine
version: "1"
environment: {python: "3.9"}
artifacts:
  scaler: scaler.pkl
  model: {file: model.pkl, key: [weights, 0]}
inputs:
  x{0..1}: number
  day: {type: category, values: [mon, tue], null: zeros}
steps:
  - {transform: scaler, columns: numbers, output: scaled}
  - {predict: model, output: p}
  - {threshold: p, at_least: 0.5, output: class}
outputs:
  p: p
  class: {from: class}
contract:
  routes:
    - path: /predict
      response: {shape: records, fields: {p: {output: p}}}
`;

/** The good manifest with one of its lines written otherwise. */
function withLine(number: number, ...lines: string[]): string {
  return GOOD.split("\n")
    .toSpliced(number - 1, 1, ...lines)
    .join("\n");
}

const DOCS = "docs/model-yaml.md shows what may stand there";

it("reads a manifest whole, with every default written out", () => {
  const number = { type: "number", null: "error", absent: "error" };
  expect(read(GOOD)).toEqual({
    name: "mine",
    version: "1",
    environment: { python: "3.9", lock: "requirements.lock" },
    artifacts: {
      scaler: { file: "scaler.pkl", key: [], sha256: undefined },
      model: { file: "model.pkl", key: ["weights", 0] },
    },
    extra: "error",
    inputs: [
      ["x{0..1}", number],
      [
        "day",
        { type: "category", values: ["mon", "tue"], case: "exact", null: "zeros", absent: "error", unknown: "error" },
      ],
    ],
    steps: [
      { transform: "scaler", columns: "numbers", as: "matrix", output: "scaled" },
      { predict: "model", as: "matrix", output: "p" },
      { threshold: "p", at_least: 0.5, output: "class" },
    ],
    outputs: { p: { from: "p", column: undefined, non_finite: undefined }, class: { from: "class" } },
    contract: {
      routes: [
        {
          path: "/predict",
          method: "POST",
          request: { shape: "rows" },
          response: { shape: "records", fields: { p: { output: "p" } }, status: 200 },
        },
      ],
    },
    limits: { rows: 10000, block: 1024 },
  });
});

describe("each thing that is wrong is told with its line and its remedy:", () => {
  it.each<[string, string, string[]]>([
    [
      "an unknown key",
      withLine(1, "name: mine", "descripton: x"),
      ["2: the key descripton is unknown. Did you mean description?"],
    ],
    [
      "an unknown key like no other",
      withLine(1, "name: mine", "zzzzzz: x"),
      ["2: the key zzzzzz is unknown. Remove it"],
    ],
    [
      "a reserved key",
      withLine(1, "name: mine", "hooks: x.py"),
      ["2: the key hooks is reserved for a later version of the format. Remove it: it has no effect today"],
    ],
    [
      "a version that YAML reads as a number",
      withLine(2, "version: 1"),
      [`2: version: a text: write version: "1". ${DOCS}`],
    ],
    [
      "a Python that YAML reads as a number",
      withLine(3, "environment: {python: 3.10}"),
      [`3: environment.python: a text: write python: "3.9". ${DOCS}`],
    ],
    [
      "a Python with its patch level",
      withLine(3, 'environment: {python: "3.9.1"}'),
      [`3: environment.python: major.minor, such as "3.9". ${DOCS}`],
    ],
    ["a name in capitals", withLine(1, "name: Mine"), [`1: name: lower-case letters, digits and -. ${DOCS}`]],
    [
      "an artifact outside of the folder",
      withLine(5, "  scaler: ../scaler.pkl"),
      [`5: artifacts.scaler: the name of a file in the bundle's folder. ${DOCS}`],
    ],
    [
      "a sha256 that is none",
      withLine(5, "  scaler: {file: scaler.pkl, sha256: abc}"),
      [`5: artifacts.scaler.sha256: 64 hexadecimal digits. ${DOCS}`],
    ],
    [
      "an unknown key of an artifact",
      withLine(5, "  scaler: {file: scaler.pkl, sha: abc}"),
      ["5: artifacts.scaler: the key sha is unknown. Remove it"],
    ],
    [
      "an input type that there is not",
      withLine(8, "  x{0..1}: {type: date, parts: [hour]}"),
      [
        `8: inputs.x{0..1}.parts.0: Invalid option: expected one of "year"|"month"|"day"|"weekday"|"day_of_year"|"epoch_days"|"ordinal". ${DOCS}`,
      ],
    ],
    [
      "a misspelt rule of an input",
      withLine(9, "  day: {type: category, values: [mon], nul: zeros}"),
      ["9: inputs.day: the key nul is unknown. Did you mean null?"],
    ],
    [
      "a rule of another type",
      withLine(9, "  day: {type: number, null: zeros}"),
      [`9: inputs.day.null: Invalid option: expected one of "error"|"nan". ${DOCS}`],
    ],
    [
      "a step that is another here",
      withLine(12, "  - {scale: scaler, output: p}"),
      [`12: steps.1: there is no step scale: a scaler is a transform, of some columns with \`columns\`. ${DOCS}`],
    ],
    [
      "a step of no name",
      withLine(12, "  - {run: model, output: p}"),
      [
        `12: steps.1: a step is named by one of transform, predict, predict_proba, decision_function, encode, code, threshold, labels, one_hot, select, map, log, exp, arithmetic, clean_text. ${DOCS}`,
      ],
    ],
    [
      "an unknown key of a step",
      withLine(12, "  - {predict: model, ouput: p}"),
      [
        `12: steps.1.output: Invalid input: expected string, received undefined. ${DOCS}`,
        "12: steps.1: the key ouput is unknown. Did you mean output?",
      ],
    ],
    [
      "a threshold both ways",
      withLine(13, "  - {threshold: p, at_least: 0.5, above: 0.5, output: class}"),
      [`13: steps.2: needs either at_least or above. ${DOCS}`],
    ],
    [
      "a threshold neither way",
      withLine(13, "  - {threshold: p, output: class}"),
      [`13: steps.2: needs either at_least or above. ${DOCS}`],
    ],
    [
      "an address of Picklepod's own",
      withLine(19, "    - path: /models/x"),
      [`19: contract.routes.0.path: /models/x is an address of Picklepod's own. ${DOCS}`],
    ],
    [
      "a path that is none",
      withLine(19, "    - path: predict"),
      [`19: contract.routes.0.path: a path such as /predict. ${DOCS}`],
    ],
    [
      "the root as a path",
      withLine(19, "    - path: /"),
      [`19: contract.routes.0.path: a path such as /predict. ${DOCS}`],
    ],
    [
      "no such artifact",
      withLine(12, "  - {predict: modle, output: p}"),
      ["12: there is no artifact modle. Name one under artifacts (there are: scaler, model)"],
    ],
    [
      "a name that every object has",
      withLine(12, "  - {predict: constructor, output: p}"),
      ["12: there is no artifact constructor. Name one under artifacts (there are: scaler, model)"],
    ],
    [
      "no such earlier step",
      withLine(13, "  - {threshold: q, at_least: 0.5, output: class}"),
      ["13: no earlier step is called q. The earlier steps are scaled, p"],
    ],
    [
      "no such column",
      withLine(11, "  - {transform: scaler, columns: [x0, x9], output: scaled}"),
      ["11: there is no input x9. Take names declared under inputs"],
    ],
    [
      "columns and from at once",
      withLine(12, "  - {predict: model, columns: [x0], from: scaled, output: p}"),
      ["12: a step takes columns or from, not both. Remove one"],
    ],
    [
      "a number among the categories of one_hot",
      withLine(11, "  - {one_hot: [day, x0], output: scaled}"),
      ["11: x0 is not a category. one_hot takes inputs of type category"],
    ],
    [
      "two steps of one name",
      withLine(13, "  - {threshold: p, at_least: 0.5, output: p}", "  - {threshold: p, at_least: 0.5, output: class}"),
      ["13: two steps are called p. Give each step's output a name of its own"],
    ],
    ["an output of no step", withLine(15, "  p: q"), ["15: no step is called q. The steps are scaled, p, class"]],
    [
      "an input declared twice",
      withLine(9, "  x1: number"),
      ["9: the input x1 is declared twice. Keep one of the two"],
    ],
    [
      "a field of no output",
      withLine(20, "      response: {shape: records, fields: {p: {output: scaled}}}"),
      ["20: there is no output scaled. There are p, class"],
    ],
    [
      "columns of no step",
      withLine(20, "      response: {shape: records, fields: {p: {columns_of: day}}}"),
      ["20: there is no step day. There are scaled, p, class"],
    ],
    [
      "a value twice",
      withLine(9, "  day: {type: category, values: [a, A], case: ignore}"),
      ["9: values holds a value twice. Keep one (case: ignore makes A and a the same)"],
    ],
    [
      "numbers and texts as values",
      withLine(9, "  day: {type: category, values: [1, a]}"),
      ['9: values mixes numbers and texts. Quote them all ("1") or none'],
    ],
    [
      "a default that is no value",
      withLine(9, "  day:", "    type: category", "    values: [a, b]", "    unknown: {default: c}"),
      ['12: unknown: the default "c" is not among the values. Take one of a, b'],
    ],
    [
      "min above max",
      withLine(8, "  x{0..1}: {type: number, min: 5, max: 1}"),
      ["8: min 5 is more than max 1: no number would be taken. Exchange them"],
    ],
    [
      "a default that is no date",
      withLine(8, "  x{0..1}: {type: date, null: {default: soon}}"),
      ['8: null: the default "soon" is no date. Write a date such as "2024-05-17"'],
    ],
    [
      "a date where a column must be",
      GOOD.replace("day: {type: category, values: [mon, tue], null: zeros}", "day: date").replace(
        "columns: numbers",
        "columns: [x0, day]",
      ),
      ["11: the input day has no column of its own. Take day_year, day_month, day_day"],
    ],
    [
      "a part twice",
      withLine(9, "  day: {type: time, parts: [hour, hour]}"),
      [
        "9: two inputs make the column day_hour. Call day otherwise",
        "9: the part hour is there twice. Keep one of the two",
      ],
    ],
    [
      "two inputs of one column",
      withLine(9, "  day: date", "  day_year: number"),
      ["10: two inputs make the column day_year. Call day_year otherwise"],
    ],
    [
      "more inputs than can be",
      withLine(8, "  x{0..99999}{0..99999}: number"),
      ["7: there are 10000000001 inputs; at most 1000000 can be served. Mend the pattern in braces"],
    ],
    [
      "code that is an artifact",
      withLine(6, "  model: model.py", "code: {m: model.py}"),
      ["7: model.py is an artifact as well. Name the Python file that the module is read from"],
    ],
    [
      "code that is no Python file",
      withLine(6, "  model: model.pkl", "code: {m: m.txt}"),
      [`7: code.m: a Python file in the bundle's folder. ${DOCS}`],
    ],
    [
      "a module twice",
      withLine(6, "  model: model.pkl", "code:", "  m: a.py", "  m: b.py"),
      ["9: Map keys must be unique at line 9, column 3:. Mend the YAML there"],
    ],
    [
      "code that is not there",
      withLine(11, "  - {code: clean.run, output: scaled}"),
      ["11: there is no module clean. Name its file under code (there are: none)"],
    ],
    [
      "code without a function",
      withLine(11, "  - {code: clean, output: scaled}"),
      [`11: steps.0.code: module.function. ${DOCS}`],
    ],
    [
      "an encoder without columns",
      withLine(11, "  - {encode: scaler, output: scaled}"),
      [`11: steps.0: needs columns beside an artifact, and none beside {column: artifact}. ${DOCS}`],
    ],
    [
      "an encoder that is not there",
      withLine(11, "  - {encode: {day: days}, output: scaled}"),
      ["11: there is no artifact days. Name one under artifacts (there are: scaler, model)"],
    ],
    [
      "a value that no map lists",
      withLine(11, "  - {map: {day: {mon: 1}}, output: scaled}"),
      ["11: day may be tue, which is not listed. Add them, or say what every other value is with other"],
    ],
    [
      "a word for a number",
      withLine(11, "  - {map: {x0: {low: 1}}, output: scaled}"),
      [
        '11: x0 is a number, and "low" is none. Write numbers, or make x0 a category; a number or a text: the input\'s own map',
      ],
    ],
    [
      "a dummy of no value",
      withLine(11, "  - {one_hot: {day: [mon, sun]}, output: scaled}"),
      ['11: "sun" is not among the values of day. Take some of mon, tue'],
    ],
    [
      "an expression that cannot be read",
      withLine(11, '  - {arithmetic: {r: "x0 / (x1"}, output: scaled}'),
      [`11: steps.0.arithmetic.r: an operator or ) must stand there, at character 9 (the end). ${DOCS}`],
    ],
    [
      "an expression of what is not there",
      withLine(11, '  - {arithmetic: {r: "x0 / y"}, output: scaled}'),
      ["11: there is no input y. Take names declared under inputs"],
    ],
    [
      "a logarithm of words",
      withLine(11, "  - {log: [day], output: scaled}"),
      ["11: day is no number. Take it through encode or map first"],
    ],
    [
      "a logarithm of a number that may be 0",
      withLine(11, "  - {log: [x0], output: scaled}"),
      [
        "11: x0 may be 0, and only what is more than 0 has a logarithm. Give the input x0 a min of more than 0, such as min: 1",
      ],
    ],
    [
      "a logarithm of a number that may be below 0",
      withLine(8, "  x{0..1}: {type: currency, min: -3}").replace(
        "{transform: scaler, columns: numbers",
        "{log: [x1], base: 10",
      ),
      [
        "11: x1 may be -3, and only what is more than 0 has a logarithm. Give the input x1 a min of more than 0, such as min: 1",
      ],
    ],
    [
      "log1p of what may be -1",
      withLine(11, "  - {log: [x0], base: 1p, output: scaled}"),
      [
        "11: x0 may be -1, and only what is more than -1 has log1p. Give the input x0 a min of more than -1, such as min: 0",
      ],
    ],
    [
      "a logarithm of what a missing number or a word becomes",
      withLine(
        8,
        "  x0: {type: number, min: 1, null: {default: 0}}",
        "  x1: {type: number, min: 1, map: {none: 0}}",
      ).replace("{transform: scaler, columns: numbers", "{log: [x0, x1]"),
      [
        "12: x0 may be 0 (null), and only what is more than 0 has a logarithm. Give it a number of more than 0",
        "12: x1 may be 0 (map: none), and only what is more than 0 has a logarithm. Give it a number of more than 0",
      ],
    ],
    [
      "a logarithm of false",
      withLine(8, "  x{0..1}: boolean").replace("{transform: scaler, columns: numbers", "{log: [x1]"),
      ["11: x1 may be false, which has no logarithm. Say base: 1p, or take another column"],
    ],
    [
      "a base that there is not",
      withLine(11, "  - {log: [x0], base: 3, output: scaled}"),
      [`11: steps.0.base: one of e, 2, 10 and 1p. ${DOCS}`],
    ],
    [
      "numbers to clean",
      withLine(11, "  - {clean_text: x0, output: scaled}"),
      ["11: x0 is no text. clean_text takes inputs of type text"],
    ],
    [
      "the same address twice",
      withLine(
        20,
        "      response: {shape: records, fields: {p: {output: p}}}",
        "    - path: /predict",
        "      response: {shape: records, fields: {p: {output: p}}}",
      ),
      ["21: POST /predict is there twice. Keep one of the two"],
    ],
  ])("%s", (_, yaml, expected) => {
    expect(findings(yaml)).toEqual(expected);
  });

  it.each<[string, string, string]>([
    [
      "a GET that reads a body",
      "{path: /p, method: GET, response: {shape: records, fields: {p: {output: p}}}}",
      "contract.routes.0.request: a GET reads its row from the query string, a POST does not",
    ],
    [
      "a POST that reads a query string",
      "{path: /p, request: {shape: query}, response: {shape: single, fields: {p: {output: p}}}}",
      "contract.routes.0.request: a GET reads its row from the query string, a POST does not",
    ],
    [
      "a single answer to many rows",
      "{path: /p, response: {shape: single, fields: {p: {output: p}}}}",
      "contract.routes.0.response: `single` answers one row: use it with a query string",
    ],
    [
      "keyed answers to rows without keys",
      "{path: /p, response: {shape: keyed, fields: {p: {output: p}}}}",
      "contract.routes.0.response: this shape needs rows with keys: request: {shape: keyed, …}",
    ],
    [
      "python_repr of rows without keys",
      "{path: /p, response: {shape: python_repr, value: {output: p}, envelope: o, time: t}}",
      "contract.routes.0.response: this shape needs rows with keys: request: {shape: keyed, …}",
    ],
  ])("%s", (_, route, message) => {
    const yaml = GOOD.split("\n").slice(0, 18).join("\n");
    expect(findings(`${yaml}\n    - ${route}\n`)).toEqual([`19: ${message}. ${DOCS}`]);
  });

  it.each([
    "/v1",
    "/v2",
    "/v2/models",
    "/models",
    "/livez",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/console",
    "/ping",
    "/invocations",
    "/predictions",
    "/card",
    "/card/x",
  ])("the path %s", (path) => {
    expect(findings(withLine(19, `    - path: ${path}`))).toEqual([
      `19: contract.routes.0.path: ${path} is an address of Picklepod's own. ${DOCS}`,
    ]);
  });

  it("but not the path /predict_proba, /v11 or /models2", () => {
    for (const path of ["/predict_proba", "/v11", "/models2", "/a/models"])
      expect(findings(withLine(19, `    - path: ${path}`))).toEqual([]);
  });
});

it("tells all that is wrong at once", () => {
  const yaml = GOOD.replace("name: mine", "name: Mine")
    .replace("number", "numbr")
    .replace("mon, tue", "")
    .replace("/predict", "predict");
  expect(findings(yaml).map((text) => text.split(":")[0])).toEqual(["1", "8", "9", "19"]);
  const dangling = GOOD.replace("transform: scaler", "transform: a")
    .replace("predict: model", "predict: b")
    .replace("p: p", "p: c");
  expect(findings(dangling).map((text) => text.split(". ")[0])).toEqual([
    "11: there is no artifact a",
    "12: there is no artifact b",
    "15: no step is called c",
  ]);
});

it("tells what YAML itself cannot read, and two keys of one name", () => {
  expect(findings("name: mine\nversion: [\n")).toEqual([expect.stringMatching(/^\d: .+\. Mend the YAML there$/)]);
  expect(findings(withLine(9, "  x{0..1}: text"))).toEqual([
    "9: Map keys must be unique at line 9, column 3:. Mend the YAML there",
  ]);
});

it.each([[""], ["- a\n"], ["just text\n"]])("tells that %j is no manifest", (yaml) => {
  expect(findings(yaml)).toEqual(["undefined: is not a mapping of keys. Begin with name: and version:"]);
});

it.each([
  ["name: *no-such", "Unresolved alias (the anchor must be set before the alias): no-such"],
  [
    `a: &a [x,x,x,x,x,x,x,x,x]\n${["b", "c", "d", "e"].map((name, i) => `${name}: &${name} [${`*${"abcd".charAt(i)},`.repeat(9)}]`).join("\n")}`,
    "Excessive alias count indicates a resource exhaustion attack",
  ],
])("tells of an alias that cannot be followed", (yaml, message) => {
  expect(findings(yaml)).toEqual([
    `undefined: ${message}. Write what the alias stands for, or quote a text that begins with *`,
  ]);
});

it("tells that there is no model.yaml", () => {
  const missing = join(folder, "none", "model.yaml");
  const finding: Finding = {
    file: missing,
    message: "is not there",
    remedy: "A bundle is a folder with a model.yaml: `picklepod init <a folder of pickles>` writes one",
  };
  expect(() => readManifest(missing)).toThrow(new BundleError([finding]));
  expect(findingText(finding)).toBe(`${missing}: is not there. ${finding.remedy}`);
  expect(findingText({ ...finding, line: 3 })).toBe(`${missing}:3: is not there. ${finding.remedy}`);
});

it("reads the keys null, true, 1 and ~ as the words that were written", () => {
  const yaml = withLine(
    13,
    "  - {threshold: p, at_least: 0.5, output: class}",
    "  - {labels: class, map: {0: no, 1: yes, true: t, null: n, 1.50: x}, output: words}",
  ).replace("day: {", "null: {");
  const { inputs, steps } = read(yaml);
  expect(inputs.map(([name]) => name)).toEqual(["x{0..1}", "null"]);
  expect(steps.at(-1)).toEqual({
    labels: "class",
    map: { 0: "no", 1: "yes", true: "t", null: "n", "1.50": "x" },
    output: "words",
  });
});

it("keeps the order of inputs called 2 and 1", () => {
  const { inputs } = read(withLine(8, "  2: number", "  1: number", '  "0": text'));
  expect(inputs.map(([name]) => name)).toEqual(["2", "1", "0", "day"]);
});

it("keeps inputs that are called as an object's own members are", () => {
  const { inputs } = read(withLine(8, "  __proto__: number", "  constructor: number"));
  expect(inputs.map(([name]) => name)).toEqual(["__proto__", "constructor", "day"]);
});
