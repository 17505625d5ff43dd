#!/usr/bin/env node
/**
 * The command picklepod, also of a fresh clone: installs and builds what is missing, then runs it. `npx picklepod …` and
 * `npm run picklepod -- …` both come here.
 */
import { createRequire } from "node:module";

await import("./prepare.mjs");
// npm runs its scripts in the project's folder; paths are meant from where the user stands.
const { npm_lifecycle_event: script, INIT_CWD: stands } = process.env;
if (["picklepod", "pin"].includes(script) && stands) process.chdir(stands);
if (!process.exitCode) createRequire(import.meta.url)("../dist/cli/picklepod.js");
