import type { BundlePlan, PlannedArtifact, PlannedInput } from "../plan/plan";
import { inputRuns } from "./input-runs";
import { entryText, flowText, itemText, keyText, type Yaml } from "./yaml-text";

/** model.yaml, for a person to read and mend. */
export function manifestText(plan: BundlePlan): string {
  const sections = [
    [...plan.notes.map(commentLine), ...headLines(plan)],
    ["artifacts:", ...plan.artifacts.map(artifactLine)],
    plan.code.length === 0 ? [] : ["# Modules as the pickles call them, from files of this bundle", ...codeLines(plan)],
    ["inputs:", ...inputRuns(plan.inputs).map(inputText)],
    ["steps:", ...plan.steps.map(({ step, comment }) => withComment(itemText(step, "  "), comment, "  "))],
    ["outputs:", ...Object.entries(plan.outputs).map(([name, from]) => entryText(name, from, "  "))],
    contractLines(plan),
    plan.block === undefined ? [] : [`limits: ${flowText({ block: plan.block })}`],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

const headLines = ({ name, description, python }: BundlePlan): string[] => [
  `name: ${flowText(name)}`,
  'version: "1"',
  `description: ${flowText(description)}`,
  `environment: { python: "${python}", lock: requirements.lock }`,
];

function artifactLine({ name, file, place }: PlannedArtifact): string {
  if (place.key.length === 0) return entryText(name, file, "  ");
  const [only, ...deeper] = place.key;
  return entryText(name, { file, key: deeper.length === 0 && only !== undefined ? only : [...place.key] }, "  ");
}

const codeLines = ({ code }: BundlePlan): string[] => [
  "code:",
  ...code.map(({ module, file }) => entryText(module, file, "  ")),
];

function inputText({ name, entry, comment }: PlannedInput): string {
  const { type, ...rest } = entry;
  const isShort = Object.values(rest).every((member) => member === undefined);
  return withComment(isShort ? `  ${keyText(name)}: ${type}` : entryText(name, entry, "  "), comment, "  ");
}

/** Behind what stands in one short line, above what does not. */
function withComment(text: string, comment: string | undefined, indent: string): string {
  if (comment === undefined) return text;
  const behind = `${text} # ${comment}`;
  return text.includes("\n") || behind.length > 118 ? `${indent}# ${comment}\n${text}` : behind;
}

const commentLine = (note: string): string => `# ${note.replaceAll(/\s+/g, " ")}`;

function contractLines({ fields }: BundlePlan): string[] {
  const entries = Object.entries(fields).map(([key, field]: [string, Yaml]) => entryText(key, field, "          "));
  return [
    "contract:",
    "  routes:",
    "    - path: /predict",
    "      method: POST",
    "      request: { shape: rows }",
    "      response:",
    "        shape: records",
    "        fields:",
    ...entries,
  ];
}
