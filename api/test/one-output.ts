import { digestOf, type Pinned } from "../src/bundle/description";
import { draftOf } from "../src/bundle/draft";
import { expandInputs } from "../src/bundle/inputs";
import { manifestSchema } from "../src/bundle/manifest";
import { createModel, type Model } from "../src/predict/model";

/** A model of these inputs, not ready yet, whose one output `p` is a number, and what its sidecar would say of it. */
export function modelOfOneOutput(
  inputs: readonly (readonly [string, unknown])[],
  more: object = {},
): {
  readonly model: Model;
  readonly description: Pinned;
} {
  const manifest = manifestSchema.parse({
    ...{ name: "mine", version: "1", environment: { python: "3.9" }, artifacts: { model: "model.pkl" }, inputs },
    ...{ steps: [{ predict: "model", columns: ["x"], output: "p" }], outputs: { p: "p" }, ...more },
  });
  const lock = { file: "requirements.lock", sha256: "ab", packages: { numpy: "1.19.5" } };
  const tensors = { p: { datatype: "FP64" as const, columns: null } };
  const draft = { ...draftOf(manifest, lock, "cd"), artifacts: {}, tensors };
  const description: Pinned = { ...draft, digest: digestOf(draft) };
  const bundle = { name: "mine", folder: "mine", manifest, inputs: expandInputs(manifest), json: description };
  return { model: createModel(bundle), description };
}
