import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { project } from "../src/project";
import { elementsOf } from "../src/check/json-elements";

/** What models/synthetic writes, as it wrote it. */
export function synthetic(bundle: string, count: number, seed: number, ...flags: string[]): string {
  const script = join(project.modelsFolder, "synthetic");
  return execFileSync("python3", [script, bundle, "--rows", String(count), "--seed", String(seed), ...flags], {
    encoding: "utf8",
    maxBuffer: 1024 * 1024 * 1024,
  });
}

/** Seeded rows that imitate what the bundle's users send, each as JSON text. */
export const syntheticRows = (bundle: string, count: number, seed: number): string[] =>
  elementsOf(synthetic(bundle, count, seed));
