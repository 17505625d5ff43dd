import { spawnSync } from "node:child_process";

import { type Draft, digestOf, sha256 } from "./description";
import { draftOf } from "./draft";
import { manifestSchema } from "./manifest";

const LOCK = { file: "requirements.lock", sha256: "ab", packages: { numpy: "1.19.5" } };

const manifest = manifestSchema.parse({
  name: "mine",
  version: "1",
  environment: { python: "3.9" },
  artifacts: {
    scaler: "scaler.pkl",
    model: { file: "model.pkl", key: "weights" },
    names: { file: "model.pkl", key: ["a", 0] },
    cut: "cut.pkl",
  },
  inputs: [
    ["2", "number"],
    ["1", "percent"],
    ["day", { type: "category", values: ["mon", "tue"] }],
    ["month", { type: "category", values: [1, 2] }],
    ["review", "text"],
  ],
  steps: [
    { transform: "scaler", output: "all" },
    { transform: "scaler", columns: "numbers", output: "scaled" },
    { transform: "scaler", columns: "categories", as: "dataframe", output: "coded" },
    { transform: "scaler", columns: "texts", as: "text", output: "words" },
    { one_hot: ["day"], output: "flags" },
    { select: "names", output: "chosen" },
    { select: ["2"], output: "two" },
    { predict: "model", output: "p" },
    { predict_proba: "model", from: "chosen", output: "pp" },
    { threshold: "p", at_least: 0.5, output: "c" },
    { threshold: "p", above: "cut", output: "d" },
    { threshold: "p", above: 0, output: "e" },
    { labels: "c", map: { 1: "yes", 0: "no", "-1": "never", True: "t", false: "f", x: "other" }, output: "l" },
  ],
  outputs: { probability: "p", second: { from: "pp", column: 1, non_finite: null } },
});

it("resolves every name and writes every default out", () => {
  expect(draftOf(manifest, LOCK, "cd")).toEqual({
    format: 1,
    name: "mine",
    version: "1",
    python: "3.9",
    files: { "model.yaml": "cd" },
    lock: LOCK,
    inputs: {
      numbers: ["2", "1"],
      codes: [
        { name: "day", categories: ["mon", "tue"] },
        { name: "month", categories: [1, 2] },
      ],
      texts: ["review"],
    },
    steps: [
      {
        kind: "transform",
        artifact: { file: "scaler.pkl", key: [] },
        columns: ["2", "1", "day", "month", "review"],
        as: "matrix",
        output: "all",
      },
      {
        kind: "transform",
        artifact: { file: "scaler.pkl", key: [] },
        columns: ["2", "1"],
        as: "matrix",
        output: "scaled",
      },
      {
        kind: "transform",
        artifact: { file: "scaler.pkl", key: [] },
        columns: ["day", "month"],
        as: "dataframe",
        output: "coded",
      },
      {
        kind: "transform",
        artifact: { file: "scaler.pkl", key: [] },
        columns: ["review"],
        as: "text",
        output: "words",
      },
      { kind: "one_hot", columns: ["day"], output: "flags" },
      { kind: "select", columns: { file: "model.pkl", key: ["a", 0] }, output: "chosen" },
      { kind: "select", columns: ["2"], output: "two" },
      { kind: "predict", artifact: { file: "model.pkl", key: ["weights"] }, from: "two", as: "matrix", output: "p" },
      {
        kind: "predict_proba",
        artifact: { file: "model.pkl", key: ["weights"] },
        from: "chosen",
        as: "matrix",
        output: "pp",
      },
      { kind: "threshold", from: "p", compare: "at_least", value: "0.5", output: "c" },
      { kind: "threshold", from: "p", compare: "above", value: { file: "cut.pkl", key: [] }, output: "d" },
      { kind: "threshold", from: "p", compare: "above", value: "0", output: "e" },
      {
        kind: "labels",
        from: "c",
        map: [
          [0, "no"],
          [1, "yes"],
          [-1, "never"],
          [true, "t"],
          [false, "f"],
          ["x", "other"],
        ],
        output: "l",
      },
    ],
    outputs: [
      { name: "probability", from: "p" },
      { name: "second", from: "pp", column: 1 },
    ],
    limits: { block: 1024 },
  });
});

const untrained = (draft: Draft) => ({ ...draft, artifacts: "trained" as const, tensors: "trained" as const });

describe("the digest", () => {
  const json = untrained({
    ...draftOf(manifest, LOCK, "cd"),
    name: 'Größe "\\\u007f\u2028👋/\b\f\n\r\t\u0001',
    lock: { ...LOCK, packages: { z: "1", a: "2", B: "3", é: "4", "10": "5", "9": "6" } },
  });

  it("does not depend on the order of members, nor on a digest that is there already", () => {
    const reversed = Object.fromEntries(Object.entries(json).toReversed()) as typeof json;
    expect(digestOf({ ...reversed, digest: "old" } as typeof json)).toBe(digestOf(json));
  });

  it("is another one where anything else differs", () => {
    expect(digestOf({ ...json, version: "2" })).not.toBe(digestOf(json));
    expect(digestOf({ ...json, outputs: json.outputs.toReversed() })).not.toBe(digestOf(json));
  });

  it("is the sha256 of canonical JSON", () => {
    const small = { b: [1, { d: null, c: "é" }], a: true } as unknown as typeof json;
    expect(digestOf(small)).toBe(sha256('{"a":true,"b":[1,{"c":"é","d":null}]}'));
  });

  const script =
    "import hashlib, json, sys; x = json.load(sys.stdin.buffer); " +
    'print(hashlib.sha256(json.dumps(x, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest())';
  const python = spawnSync("python3", ["-c", script], { input: JSON.stringify(json) });
  const itWithPython = python.error ? it.skip : it;

  itWithPython("is the one that Python's json.dumps makes (SKIPPED where there is no python3)", () => {
    expect({ errors: python.stderr.toString(), digest: python.stdout.toString().trim() }).toEqual({
      errors: "",
      digest: digestOf(json),
    });
  });
});
