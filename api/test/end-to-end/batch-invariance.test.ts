import { bundleNames } from "../bundles";
import { reportInvariance } from "../invariance/report-invariance";
import { pinRealBundle } from "../real/real-bundle";
import { absence, isSharedThere, realNames } from "../shared-material";
import { type Listening, startReady } from "../start-picklepod";

jest.setTimeout(900_000); // the first start on a machine makes environments

/** The long form, with 10,000 rows of each bundle, is npm run test:invariance. */
const rowsOf = (bundle: string): number => (bundle === "job-transition" ? 60 : 1_000);
const env = { REQUEST_TIMEOUT_MS: "30000" };

describe("a row's prediction has the same bits alone, in any batch and at any place in it", () => {
  let picklepod: Listening;
  beforeAll(async () => {
    picklepod = await startReady({ models: ["all"], env });
  });
  afterAll(() => picklepod.stop());

  it.each(bundleNames)("%s", async (bundle) => {
    const { measured } = await reportInvariance(picklepod.url, bundle, rowsOf(bundle));
    expect(measured.filter(({ differing }) => differing > 0)).toEqual([]);
    expect(measured.length).toBeGreaterThan(7);
  });
});

(isSharedThere ? describe : describe.skip)("the same of artifacts made by others", () => {
  it.each(realNames)("%s", async (name) => {
    const picklepod = await startReady({ models: [await pinRealBundle(name)], env });
    try {
      const { measured } = await reportInvariance(picklepod.url, name, rowsOf(name));
      expect(measured.filter(({ differing }) => differing > 0)).toEqual([]);
    } finally {
      await picklepod.stop();
    }
  });
});

if (!isSharedThere) process.stderr.write(`NOT TESTED: ${absence}\n`);
