import type { Chain, FileInspection, FolderInspection } from "../../inspect/inspection";
import type { InitFinding } from "../result";

/**
 * What keeps the files of a chain from being loaded: custom code without its file, or something dangerous. Where one is
 * kept, all that is wrong in the folder is told at once.
 */
export function blockedBy({ files, findings }: FolderInspection, chain: Chain): InitFinding[] {
  const places = [...chain.transformers, ...(chain.select ? [chain.select] : []), chain.predictor];
  const names = new Set(places.map(({ file }) => file));
  const blocked = files.filter((file) => names.has(file.file) && file.dangers.length > 0);
  if (blocked.length === 0) return [];
  const told = findings.filter(({ code }) => CODES.has(code));
  const untold = blocked.filter(({ file }) => told.every((finding) => finding.file !== file));
  return [...untold.map(findingOf), ...told];
}

const CODES: ReadonlySet<string> = new Set(["custom-code", "dangerous", "unreadable"]);

function findingOf({ file, dangers, foreign }: FileInspection): InitFinding {
  const code = foreign.length > 0 ? "custom-code" : "dangerous";
  const message = dangers.map(({ what }) => what).join(" ");
  const remedy = foreign.map((one) => one.remedy).join(" ") || "Nothing of it was run. Do not use this file.";
  return { code, file, message, remedy };
}
