import { readFileSync } from "node:fs";

import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";

import { checkManifest } from "./check-manifest";
import { BundleError, type Finding } from "./finding";
import { type Manifest, manifestSchema } from "./manifest";
import { schemaFindings } from "./schema-findings";

/** model.yaml to a manifest, or every problem in it with its line.
 * @throws BundleError */
export function readManifest(file: string): Manifest {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, uniqueKeys: true, logLevel: "error" });
  visit(document, {
    Pair: (_, { key }) => {
      keepAsWritten(key);
    },
  });
  const root = document.contents;
  const lineOf = (path: PropertyKey[]): number | undefined => {
    const offset = root === null ? undefined : offsetOf(root, path);
    return offset === undefined ? undefined : lines.linePos(offset).line;
  };
  if (document.errors.length > 0 || !isMap(root)) {
    throw new BundleError(syntaxFindings(file, document.errors, lines));
  }
  const parsed = manifestSchema.safeParse(valuesOf(file, document, root));
  if (!parsed.success) {
    const names = inputNames(root);
    throw new BundleError(parsed.error.issues.flatMap((issue) => schemaFindings(file, issue, { lineOf, names })));
  }
  const faults = checkManifest(parsed.data);
  if (faults.length > 0) {
    throw new BundleError(faults.map(({ path, ...fault }) => ({ file, line: lineOf(path), ...fault })));
  }
  return parsed.data;
}

/** An alias of nothing, and aliases of aliases that would fill the memory, are told when they are followed. */
function valuesOf(file: string, document: Document, root: YAMLMap): Record<string, unknown> {
  try {
    return { ...(document.toJS() as Record<string, unknown>), ...inputPairs(root, document) };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const remedy = "Write what the alias stands for, or quote a text that begins with *";
    throw new BundleError([{ file, message: error.message, remedy }]);
  }
}

/** YAML reads the keys null, 1 and true as other than text; here every key is a word. */
function keepAsWritten(key: unknown): void {
  if (isScalar(key) && key.source !== undefined) key.value = key.source;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "is not there" : String(error);
    throw new BundleError([
      {
        file,
        message: reason,
        remedy: "A bundle is a folder with a model.yaml: `picklepod init <a folder of pickles>` writes one",
      },
    ]);
  }
}

function syntaxFindings(
  file: string,
  errors: { message: string; pos: [number, number] }[],
  lines: LineCounter,
): Finding[] {
  if (errors.length === 0)
    return [{ file, message: "is not a mapping of keys", remedy: "Begin with name: and version:" }];
  return errors.map((error) => ({
    file,
    line: lines.linePos(error.pos[0]).line,
    message: error.message.split("\n")[0] ?? "is not YAML",
    remedy: "Mend the YAML there",
  }));
}

/** `inputs` as pairs in the order written. */
function inputPairs(root: YAMLMap, document: Document): Record<string, unknown> {
  const inputs = root.get("inputs");
  if (!isMap(inputs)) return {};
  const toJs = (value: unknown): unknown => (value as Node | null)?.toJS(document);
  return { inputs: inputs.items.map(({ key, value }) => [keyText(key), toJs(value)]) };
}

function inputNames(root: YAMLMap): string[] {
  const inputs = root.get("inputs");
  return isMap(inputs) ? inputs.items.map(({ key }) => keyText(key)) : [];
}

const keyText = (key: unknown): string => String(isScalar(key) ? key.value : key);

/** Where in the file the value at `path` stands, or the nearest thing around it that is there. */
function offsetOf(node: Node, path: PropertyKey[]): number | undefined {
  const [step, ...rest] = path;
  const here = node.range?.[0];
  if (step === undefined) return here;
  if (isSeq(node)) return offsetOfNode(node.items[Number(step)] as Node | undefined, rest) ?? here;
  if (!isMap(node)) return here;
  const pair =
    typeof step === "number" ? node.items[step] : node.items.find((item) => keyText(item.key) === String(step));
  if (!pair) return here;
  const insidePair = typeof step === "number" ? rest.slice(1) : rest;
  const keyOffset = (pair.key as Node).range?.[0];
  return insidePair.length === 0 ? keyOffset : (offsetOfNode(pair.value as Node | undefined, insidePair) ?? keyOffset);
}

const offsetOfNode = (node: Node | null | undefined, path: PropertyKey[]): number | undefined =>
  node ? offsetOf(node, path) : undefined;
