import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type CodePins, type Draft, sha256 } from "../bundle/description";
import { BundleError } from "../bundle/finding";
import type { Manifest } from "../bundle/manifest";

/** The files of the bundle's own code, as they are now, by module name.
 * @throws BundleError where one is not there */
export function pinCode(folder: string, { code = {} }: Manifest): CodePins {
  const findings = Object.entries(code)
    .filter(([, file]) => !existsSync(join(folder, file)))
    .map(([module, file]) => ({
      file: join(folder, file),
      message: `the code of the module ${module} is not there`,
      remedy: "Put the file there, or mend code",
    }));
  if (findings.length > 0) throw new BundleError(findings);
  const pinned = Object.entries(code).map(([module, file]) => {
    const content = readFileSync(join(folder, file));
    return [module, { file, sha256: sha256(content), size: content.length }] as const;
  });
  return Object.fromEntries(pinned);
}

/** NLTK splits and stems as the version of the training did: it comes from the bundle's own lock.
 * @throws BundleError where a step needs it and it is not in the lock */
export function checkPackages(folder: string, { steps, lock }: Draft): void {
  const needing = steps.find(
    (step) => step.kind === "clean_text" && (step.stemming !== "none" || step.split === "nltk"),
  );
  if (!needing || "nltk" in lock.packages) return;
  const message = `the step ${needing.output} needs nltk, which ${lock.file} does not have`;
  const remedy = "Add nltk to requirements.txt, in the version of the training, and pin again";
  throw new BundleError([{ file: join(folder, "model.yaml"), message, remedy }]);
}
