import type { Place } from "../../inspect/inspection";
import type { Yaml } from "../manifest/yaml-text";

/** A file that the bundle gets a copy of, and the name that the manifest calls it by. */
export interface PlannedArtifact {
  readonly place: Place;
  readonly name: string;
  /** In the bundle. */
  readonly file: string;
  /** What is copied: an absolute path. */
  readonly source: string;
}

/** A module file that pickles, or a step, need. */
export interface PlannedCode {
  readonly module: string;
  readonly file: string;
  readonly source: string;
}

export interface InputEntry {
  readonly type: string;
  readonly [key: string]: Yaml | undefined;
}

export interface PlannedInput {
  readonly name: string;
  readonly entry: InputEntry;
  /** What a person should know of it: a comment in the manifest. */
  readonly comment?: string | undefined;
}

export interface PlannedStep {
  readonly step: { readonly [key: string]: Yaml | undefined; readonly output: string };
  readonly comment?: string | undefined;
}

export type PlannedOutput = string | { readonly from: string; readonly column: number };

/** All that model.yaml will say, but for its Python, which is found by trying. */
export interface DraftPlan {
  readonly name: string;
  readonly description: string;
  readonly artifacts: readonly PlannedArtifact[];
  readonly code: readonly PlannedCode[];
  readonly inputs: readonly PlannedInput[];
  readonly steps: readonly PlannedStep[];
  readonly outputs: Readonly<Record<string, PlannedOutput>>;
  readonly fields: Readonly<Record<string, Yaml>>;
  /** The most rows that an artifact is called with at once; undefined: the default. */
  readonly block: number | undefined;
  /** Said at the head of the file. */
  readonly notes: readonly string[];
}

/** All that model.yaml will say. */
export interface BundlePlan extends DraftPlan {
  readonly python: string;
}
