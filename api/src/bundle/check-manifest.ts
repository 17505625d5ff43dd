import { checkInputs } from "./check-inputs";
import { checkSteps } from "./check-steps";
import { firstNames } from "./first-names";
import type { ManifestFinding } from "./manifest-finding";
import type { Manifest } from "./manifest";

/** What no schema can see: names that must exist, and things that must fit each other. All findings at once. */
export function checkManifest(manifest: Manifest): ManifestFinding[] {
  const inputs = checkInputs(manifest);
  // With too many inputs to write out, nothing else can be looked at.
  if (inputs.some((finding) => finding.isTooMany)) return inputs;
  return [
    ...codeFindings(manifest),
    ...inputs,
    ...checkSteps(manifest),
    ...outputFindings(manifest),
    ...contractFindings(manifest),
  ];
}

function codeFindings({ code = {}, artifacts }: Manifest): ManifestFinding[] {
  const files = new Set(Object.values(artifacts).map(({ file }) => file));
  return Object.entries(code)
    .filter(([, file]) => files.has(file))
    .map(([module, file]) => ({
      path: ["code", module],
      message: `${file} is an artifact as well`,
      remedy: "Name the Python file that the module is read from",
    }));
}

function outputFindings({ outputs, steps }: Manifest): ManifestFinding[] {
  const made = steps.map((step) => step.output);
  return Object.entries(outputs)
    .filter(([, output]) => !made.includes(output.from))
    .map(([name, output]) => ({
      path: ["outputs", name],
      message: `no step is called ${output.from}`,
      remedy: `The steps are ${firstNames(made)}`,
    }));
}

function contractFindings(manifest: Manifest): ManifestFinding[] {
  const outputs = Object.keys(manifest.outputs);
  const made = manifest.steps.map((step) => step.output);
  const seen = new Set<string>();
  return manifest.contract.routes.flatMap((route, i) => {
    const path = ["contract", "routes", i];
    const unknown = (name: string, known: string[], what: string): ManifestFinding[] =>
      known.includes(name)
        ? []
        : [
            {
              path: [...path, "response"],
              message: `there is no ${what} ${name}`,
              remedy: `There are ${firstNames(known)}`,
            },
          ];
    const { response } = route;
    const fields = response.shape === "python_repr" ? [response.value] : Object.values(response.fields);
    const address = `${route.method} ${route.path}`;
    const twice = seen.size === seen.add(address).size;
    return [
      ...(twice ? [{ path, message: `${address} is there twice`, remedy: "Keep one of the two" }] : []),
      ...fields.flatMap((field) => {
        if ("output" in field) return unknown(field.output, outputs, "output");
        if ("spread" in field) return unknown(field.spread, outputs, "output");
        return "columns_of" in field ? unknown(field.columns_of, made, "step") : [];
      }),
    ];
  });
}
