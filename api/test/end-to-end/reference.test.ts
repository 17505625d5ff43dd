import { ask, json } from "../../src/check/ask";
import { bundleFolder, bundleNames } from "../bundles";
import { asList } from "../../src/check/json-elements";
import { isRowOf, referenceOutputs } from "../reference-outputs";
import { type Listening, startReady, testState } from "../start-picklepod";
import { syntheticRows } from "../synthetic-rows";

jest.setTimeout(900_000); // the first start on a machine makes environments

/** job-transition's are fewer, as each has 3,000 columns. */
const rowsOf = (bundle: string): number => (bundle === "job-transition" ? 100 : 500);

describe("what the API answers is what the artifacts give in a process of their own, to the last bit", () => {
  let picklepod: Listening;
  beforeAll(async () => {
    picklepod = await startReady({ models: ["all"], env: { REQUEST_TIMEOUT_MS: "30000" } });
  });
  afterAll(() => picklepod.stop());

  it.each(bundleNames)("%s", async (bundle) => {
    const rows = syntheticRows(bundle, rowsOf(bundle), 7);
    const { blocks } = json(await ask(`${picklepod.url}/models/${bundle}`)) as { blocks: Record<string, string> };
    const state = bundle === "exercise-26" ? testState : undefined;
    const expected = await referenceOutputs(bundleFolder(bundle), rows, blocks, state);

    const answer = await ask(`${picklepod.url}/models/${bundle}/predictions`, { body: asList(rows) });
    const { predictions } = json(answer) as { predictions: Record<string, unknown>[] };
    expect(predictions.length).toBe(rows.length);
    expect(predictions.filter((prediction, row) => !isRowOf(expected, row, prediction))).toEqual([]);
  });
});
