import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Draft, sha256 } from "../bundle/description";
import type { Manifest } from "../bundle/manifest";
import { checkPackages, pinCode } from "./code-pins";

const folder = mkdtempSync(join(tmpdir(), "picklepod-code-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const manifest = { code: { __main__: "notebook.py", features: "features.py" } } as unknown as Manifest;

it("own code is pinned as it is now, or what is not there is told", () => {
  writeFileSync(join(folder, "notebook.py"), "é = 1\n");
  expect(() => pinCode(folder, manifest)).toThrow(
    `${join(folder, "features.py")}: the code of the module features is not there. Put the file there, or mend code`,
  );
  writeFileSync(join(folder, "features.py"), "");
  expect(pinCode(folder, manifest)).toEqual({
    __main__: { file: "notebook.py", sha256: sha256("é = 1\n"), size: 7 },
    features: { file: "features.py", sha256: sha256(""), size: 0 },
  });
  expect(pinCode(folder, {} as Manifest)).toEqual({});
});

it("a step that stems needs nltk in the lock", () => {
  const draft = (stemming: string, split: string, packages: Record<string, string>): Draft =>
    ({
      steps: [{ kind: "clean_text", stemming, split, output: "cleaned" }],
      lock: { file: "requirements.lock", packages },
    }) as unknown as Draft;
  const message =
    `${join(folder, "model.yaml")}: the step cleaned needs nltk, which requirements.lock does not have. ` +
    "Add nltk to requirements.txt, in the version of the training, and pin again";
  for (const needing of [draft("porter", "words", {}), draft("none", "nltk", {})])
    expect(() => { checkPackages(folder, needing); }).toThrow(message); // prettier-ignore
  checkPackages(folder, draft("none", "words", {}));
  checkPackages(folder, draft("porter", "nltk", { nltk: "3.8.1" }));
});
