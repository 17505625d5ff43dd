// Where the fuzzers lie, and what they borrow.
import { join } from "node:path";

export { findPython, findUv, root } from "../bench/places.mjs";
export const fuzzFolder = import.meta.dirname;
export const pythonFolder = join(fuzzFolder, "python");
/** Of the tools alone: what they look at runs on its own Python. */
export const PYTHON = "3.12";
