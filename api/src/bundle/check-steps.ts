import { StepColumns } from "./check-step-columns";
import { firstNames } from "./first-names";
import type { ManifestFinding } from "./manifest-finding";
import type { Manifest } from "./manifest";
import { isStep, type Step, stepKind } from "./steps";

/** The steps of a manifest: artifacts, code, earlier steps and columns that must be there. */
export function checkSteps(manifest: Manifest): ManifestFinding[] {
  const made = new Set<string>();
  const columns = new StepColumns(manifest);
  return manifest.steps.flatMap((step, i) => {
    const findings = [
      ...artifactFindings(step, manifest),
      ...codeFindings(step, manifest),
      ...sourceFindings(step, made),
      ...columns.findingsOf(step),
    ].map((finding) => ({ ...finding, path: ["steps", i, ...finding.path] }));
    if (made.has(step.output)) {
      const message = `two steps are called ${step.output}`;
      findings.push({ path: ["steps", i, "output"], message, remedy: "Give each step's output a name of its own" });
    }
    made.add(step.output);
    columns.add(step);
    return findings;
  });
}

/** The artifacts that a step names, by the key that names them. */
function artifactNames(step: Step): [key: string, artifact: string][] {
  const kind = stepKind(step);
  if (kind === "transform" || kind === "predict" || kind === "predict_proba" || kind === "decision_function") {
    return [[kind, (step as unknown as Record<string, string>)[kind] ?? ""]];
  }
  if (isStep(step, "encode")) {
    const names = typeof step.encode === "string" ? [step.encode] : Object.values(step.encode);
    return names.map((name) => ["encode", name]);
  }
  if (isStep(step, "select")) return typeof step.select === "string" ? [["select", step.select]] : [];
  if (!isStep(step, "threshold")) return [];
  return (["at_least", "above"] as const).flatMap((key) => (typeof step[key] === "string" ? [[key, step[key]]] : []));
}

function artifactFindings(step: Step, { artifacts }: Manifest): ManifestFinding[] {
  return artifactNames(step)
    .filter(([, artifact]) => !Object.hasOwn(artifacts, artifact))
    .map(([key, artifact]) => ({
      path: [key],
      message: `there is no artifact ${artifact}`,
      remedy: `Name one under artifacts (there are: ${firstNames(Object.keys(artifacts)) || "none"})`,
    }));
}

function codeFindings(step: Step, { code = {} }: Manifest): ManifestFinding[] {
  if (!isStep(step, "code")) return [];
  const module = step.code.slice(0, step.code.lastIndexOf("."));
  if (Object.hasOwn(code, module)) return [];
  const remedy = `Name its file under code (there are: ${firstNames(Object.keys(code)) || "none"})`;
  return [{ path: ["code"], message: `there is no module ${module}`, remedy }];
}

/** The earlier steps that a step names, by the key that names them. */
function sourcesOf(step: Step): [key: string, source: string][] {
  return [
    ...("from" in step && step.from !== undefined ? [["from", step.from] as [string, string]] : []),
    ...(["threshold", "labels", "log", "exp"] as const).flatMap((kind): [string, string][] => {
      const source = stepKind(step) === kind ? (step as unknown as Record<string, unknown>)[kind] : undefined;
      return typeof source === "string" ? [[kind, source]] : [];
    }),
  ];
}

function sourceFindings(step: Step, made: ReadonlySet<string>): ManifestFinding[] {
  const findings: ManifestFinding[] = sourcesOf(step)
    .filter(([, source]) => !made.has(source))
    .map(([key, source]) => ({
      path: [key],
      message: `no earlier step is called ${source}`,
      remedy:
        made.size > 0 ? `The earlier steps are ${firstNames(made)}` : "It is the first step: take columns instead",
    }));
  if ("from" in step && step.from !== undefined && step.columns !== undefined) {
    findings.push({ path: ["columns"], message: "a step takes columns or from, not both", remedy: "Remove one" });
  }
  return findings;
}
