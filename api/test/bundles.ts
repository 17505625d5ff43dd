import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { project } from "../src/project";

/** Every bundle of models/, by its folder's name. */
export const bundleNames = readdirSync(project.modelsFolder).filter((name) =>
  existsSync(join(project.modelsFolder, name, "model.yaml")),
);

export const bundleFolder = (name: string): string => join(project.modelsFolder, name);

/** How many rows of a bundle a test may send in one call: a candidate of job-transition has 3,000 columns. */
export const mostRowsInACall = (bundle: string): number => (bundle === "job-transition" ? 200 : 10_000);
