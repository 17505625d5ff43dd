import type { Finding } from "../bundle/finding";
import type { Measured } from "./measure-invariance";

/** The steps of a check, in the order in which serving comes to them. */
export const stepNames = [
  "manifest",
  "bundle.json",
  "pins",
  "gate",
  "environment",
  "proof",
  "samples",
  "invariance",
] as const;
export type StepName = (typeof stepNames)[number];

export interface CheckFinding extends Finding {
  /** It is this machine that lacks something, and not the bundle that is wrong. */
  readonly lacking?: boolean;
}

export interface CheckStep {
  readonly step: StepName;
  /** `unknown`: an earlier step found something that keeps it from being looked at. */
  readonly state: "ok" | "findings" | "unknown";
  /** In a few words: what was looked at and how it is. */
  readonly told: string;
  readonly findings: readonly CheckFinding[];
}

/** What is known of how a step of the bundle keeps a row's bits. */
export interface StepInvariance {
  readonly step: string;
  readonly block: string;
  /** In ulp: how far its bits are from the library's on a row alone, and on all rows in one call. */
  readonly alone: number | null;
  readonly oneCall: number | null;
}

export interface Invariance {
  readonly steps: readonly StepInvariance[];
  /** Over HTTP, with rows of the samples: 0 differ. */
  readonly measured: readonly Measured[];
}

export interface CheckResult {
  readonly ok: boolean;
  readonly folder: string;
  readonly name: string;
  readonly proof: "exact" | "other-kernel" | "failed" | null;
  readonly fingerprint: string | null;
  readonly digest: string | null;
  readonly steps: readonly CheckStep[];
  readonly invariance: Invariance | null;
}

export const passed = (step: StepName, told: string): CheckStep => ({ step, state: "ok", told, findings: [] });

export const found = (step: StepName, findings: readonly CheckFinding[]): CheckStep => ({
  step,
  state: "findings",
  told: findings.length === 1 ? "1 finding" : `${findings.length} findings`,
  findings,
});

/** Passed where nothing was found. */
export const outcome = (step: StepName, findings: readonly CheckFinding[], told: string): CheckStep =>
  findings.length > 0 ? found(step, findings) : passed(step, told);

export const unknown = (step: StepName, told: string): CheckStep => ({ step, state: "unknown", told, findings: [] });
