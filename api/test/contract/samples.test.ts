import type { Pinned } from "../../src/bundle/description";
import { readBundle } from "../../src/bundle/read-bundles";
import { columnsAsJson, SAMPLE_REQUEST_ID, sampleColumns, sampleResponse } from "../../src/pin/complete-samples";
import { readSamples, type Sample } from "../../src/pin/sample-rows";
import { createModel } from "../../src/predict/model";
import { asProblem, problemBody } from "../../src/problems";
import { bundleFolder, bundleNames } from "../bundles";

/**
 * Each sample of each bundle is proved in two halves here, and in the third by the sidecar at start-up: its request
 * makes its columns; (the columns make its outputs;) its outputs make its response.
 */
describe.each(bundleNames)("%s", (name) => {
  const model = createModel(readBundle(bundleFolder(name)));
  const samples = [...readSamples(bundleFolder(name))].map(([file, sample]) => ({ file, sample }));
  const good = samples.filter(({ file, sample }) => "columns" in sampleColumns(file, sample, model));
  const bad = samples.filter(({ file, sample }) => !("columns" in sampleColumns(file, sample, model)));

  it("has samples of good requests and of bad ones", () => {
    expect({ good: good.length > 0, bad: bad.length > 0 }).toEqual({ good: true, bad: true });
  });

  it.each(bad)("answers the bad request of $file as the sample says", ({ file, sample }) => {
    const made = sampleColumns(file, sample, model);
    expect("text" in made && { status: made.status, body: made.text }).toEqual(answerOf(sample));
  });

  it.each(good)("reads the request of $file into the sample's columns, bit for bit", ({ file, sample }) => {
    const made = sampleColumns(file, sample, model);
    expect("columns" in made && columnsAsJson(made.columns)).toEqual(sample.columns);
  });

  if (model.bundle.json.artifacts === "trained") return; // nothing is known of its outputs before it has trained
  const description = model.bundle.json;

  it.each(good)("makes the response of $file of its outputs, to the letter", ({ file, sample }) => {
    const outputs = Object.values(sample.outputs ?? {});
    expect(outputs.length).toBeGreaterThan(0);
    for (const one of outputs) expect(answered(file, sample, description, one)).toEqual(answerOf(sample));
  });

  function answered(file: string, sample: Sample, pinned: Pinned, outputs: Readonly<Record<string, unknown[]>>) {
    try {
      const { status, text } = sampleResponse(file, sample, model, pinned, outputs);
      return { status, body: text };
    } catch (error) {
      const problem = asProblem(error);
      return { status: problem.status, body: problemBody(problem, SAMPLE_REQUEST_ID) };
    }
  }
});

/** JSON.stringify keeps the order of keys and the shortest text of numbers, as a response has them. */
const answerOf = ({ status, response }: Sample) => ({ status, body: JSON.stringify(response) });
