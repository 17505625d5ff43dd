import pc from "picocolors";
import type { Colors } from "picocolors/types";

import { withPrintableTexts } from "../printable";
import type { Finding, FolderInspection } from "./inspection";
import { nextCommand } from "./print/next-command";
import { isSaidByFile, printChain } from "./print/print-chain";
import { printFile } from "./print/print-file";
import { countText } from "./print/say";

const mostFiles = 40;
const mostChains = 6;

/** An inspection as a person reads it. */
export function printInspection(untrusted: FolderInspection, colours: boolean): string {
  const paint = pc.createColors(colours);
  const inspection = withPrintableTexts(untrusted);
  const { files } = inspection;
  const shown = files.slice(0, mostFiles).map((file) => printFile(file, paint));
  const rest = files.length > mostFiles ? [[`… ${countText(files.length - mostFiles, "more file")}`]] : [];
  const blocks = [
    ...shown,
    ...rest,
    together(inspection, paint),
    environment(inspection),
    remarks(inspection, paint),
    next(inspection, paint),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function together({ chains, files }: FolderInspection, paint: Colors): string[] {
  const telling = chains.filter((chain) => !isSaidByFile(chain) || chain.doubts.length > 0);
  if (telling.length === 0) return [];
  const more = telling.length - mostChains;
  const shown = telling.slice(0, mostChains).flatMap((chain) => printChain(chain, files, paint));
  return [paint.bold("Belongs together"), ...shown, ...(more > 0 ? [`  … ${more} more`] : [])];
}

/** The versions that wrote the files. What else an environment needs is init's business. */
function environment({ files, python }: FolderInspection): string[] {
  const versions = new Set<string>();
  for (const { versions: found } of files) {
    if (found.outermost !== undefined) versions.add(`scikit-learn ${found.outermost}`);
    if (found.xgboost !== undefined) versions.add(`xgboost ${found.xgboost}`);
    if (found.numpyMajor !== undefined) versions.add(`numpy ${found.numpyMajor}`);
  }
  if (python !== undefined) versions.add(`Python ${python.version} (${python.file})`);
  return versions.size === 0 ? [] : [`Environment: ${[...versions].join(", ")}`];
}

/** What the files' own blocks have not said. */
const ofFolder: ReadonlySet<Finding["code"]> = new Set([
  "no-estimator",
  "no-predictor",
  "several-predictors",
  "version-differs",
]);

function remarks({ findings }: FolderInspection, paint: Colors): string[] {
  return findings
    .filter(({ code }) => ofFolder.has(code))
    .flatMap(({ message, remedy }) => [paint.yellow(message), `  → ${remedy}`]);
}

function next(inspection: FolderInspection, paint: Colors): string[] {
  const command = nextCommand(inspection);
  return command === undefined ? [] : [`Next: ${paint.bold(command)}`];
}
