import { relative } from "node:path";

import { project } from "../../src/project";
import { ask, json } from "../../src/check/ask";
import { breakages, brokenBundle, ORIGINAL } from "../broken-bundles";
import { bundleFolder } from "../bundles";
import { asList } from "../../src/check/json-elements";
import { type Listening, startPicklepod, startReady, until } from "../start-picklepod";
import { syntheticRows } from "../synthetic-rows";

jest.setTimeout(900_000); // the first start on a machine makes environments

const restore =
  "Restore the bundle's artifacts and samples, or, if the change is meant, run `picklepod pin` on the bundle.";
const hash = "[0-9a-f]{12}…";
const number = "0\\.\\d+";

/** What a person reads of each: `folder` stands for the bundle's own. */
const messages: Readonly<Record<string, (folder: string) => string>> = {
  "other-numpy": () =>
    "This is not the environment that the bundle was pickled with: pickled with numpy 1.19.4, here is 1.19.2. " +
    "Start its sidecar under Python 3.8 with exactly what requirements.lock lists (`npm start` does both).",
  "other-bytes": (folder) =>
    `${folder}/final_fit.pkl: has the sha256 ${hash}, bundle.json was made from ${hash}: bundle.json is stale. ` +
    `If you meant to change it, run: picklepod pin ${folder}`,
  "artifact-gone": (folder) =>
    `${folder}/bundle.json: is stale: this version of Picklepod reads model.yaml otherwise. Run: picklepod pin ${folder}`,
  "proof-one-ulp-off": () =>
    `The bundle does not give its samples again: row 5 of proof.npz, computed all together, output phat: ` +
    `expected ${number}, got ${number}, 1 ulp apart. ${restore}`,
  "sample-one-ulp-off": () =>
    `The bundle does not give its samples again: row 1 of the sample three-rows.json, computed all together, output phat: ` +
    `expected ${number}, got ${number}, 1 ulp apart. ${restore}`,
  "stale-lock": (folder) =>
    `${folder}/requirements.lock: has the sha256 ${hash}, bundle.json was made from ${hash}: bundle.json is stale. ` +
    `If you meant to change it, run: picklepod pin ${folder}`,
  "stale-manifest": (folder) =>
    `${folder}/model.yaml: has the sha256 ${hash}, bundle.json was made from ${hash}: bundle.json is stale. ` +
    `If you meant to change it, run: picklepod pin ${folder}`,
  "stale-steps": (folder) =>
    `${folder}/bundle.json: is stale: this version of Picklepod reads model.yaml otherwise. Run: picklepod pin ${folder}`,
  "changed-by-hand": (folder) =>
    `${folder}/bundle.json: was changed by hand: its digest is not its own. Run: picklepod pin ${folder}`,
  "unknown-key": (folder) => `${folder}/model.yaml:10: the key extras is unknown. Did you mean extra?`,
  "not-pinned": (folder) => `${folder}/bundle.json: is not JSON. Run: picklepod pin ${folder}`,
  "without-proof": () => "proof.npz cannot be read (",
};

/** A message as a pattern: what the machine decides stays open, everything else is meant to the letter. */
function pattern(message: string): RegExp {
  const open = [hash, number];
  const literal = message.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(open.reduce((text, part) => text.replaceAll(escaped(part), part), literal));
}
const escaped = (part: string): string => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

describe("a bundle that is not what it was pinned as never serves, and says why", () => {
  const names = Object.keys(breakages);
  const folders = new Map<string, string>();
  let picklepod: Listening;
  beforeAll(async () => {
    for (const name of names) folders.set(name, await brokenBundle(name));
    picklepod = await startReady({ models: [ORIGINAL, ...folders.values()] });
  });
  afterAll(() => picklepod.stop());

  it.each(names)("%s", async (name) => {
    const { models } = json(await ask(`${picklepod.url}/readyz`)) as {
      models: Record<string, { state: string; reason: string }>;
    };
    const folder = relative(project.root, folders.get(name) ?? "");
    expect(models[name]?.state).toBe("failed");
    expect(models[name]?.reason).toMatch(pattern(messages[name]?.(folder) ?? "there is no message"));
    const message = `${name} does not serve: ${models[name]?.reason ?? ""}`;
    const told = () => picklepod.log.filter(({ msg }) => msg === message).length;
    await until(2_000, "it is told", () => (told() > 0 ? true : undefined)); // the log is written every 100 ms
    expect(told()).toBe(1);
  });

  it.each(names)("%s: its own route answers 503", async (name) => {
    const { status, headers } = await ask(`${picklepod.url}/models/${name}/predictions`, { body: "{}" });
    expect({ status, type: headers["content-type"] }).toEqual({ status: 503, type: "application/problem+json" });
  });

  it("leaves the others serving", async () => {
    const [row = ""] = syntheticRows(ORIGINAL, 1, 3);
    const { status, text } = await ask(`${picklepod.url}/json`, { body: asList([row]) });
    expect({ status, text }).toEqual({ status: 200, text: expect.stringMatching(/^\{"0":\{"phat":/) as unknown });
  });
});

describe("the default bundle", () => {
  it("is the first of MODELS even where that is broken: not ready, and no other one answers in its place", async () => {
    const picklepod = await startPicklepod({ models: [await brokenBundle("unknown-key"), bundleFolder(ORIGINAL)] });
    try {
      const own = `${picklepod.url}/models/${ORIGINAL}/json`;
      await until(300_000, "the other one serves", async () =>
        (await ask(own, { body: "{}" })).status === 422 ? true : undefined,
      );
      const ready = await ask(`${picklepod.url}/readyz`);
      const root = await ask(`${picklepod.url}/json`, { body: "{}" });
      expect({ ready: ready.status, root: root.status }).toEqual({ ready: 503, root: 503 });
    } finally {
      await picklepod.stop();
    }
  });
});
