import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { project } from "../src/project";

/** Artifacts made by others, which are not the project's to commit: PICKLEPOD_SHARED, or a folder beside the project. */
const shared = resolve(project.root, process.env["PICKLEPOD_SHARED"] ?? "../shared");

export const realArtifacts = (name: string): string => join(shared, "data", "real", name);

export const realNames = ["classification", "flight-delay"];

export const isSharedThere = realNames.every((name) => existsSync(realArtifacts(name)));

export const absence = `The real artifacts are not at ${join(shared, "data", "real")}: set PICKLEPOD_SHARED to the folder that holds data/real.`;
