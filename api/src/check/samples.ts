import type { Bundle } from "../bundle/read-bundles";
import { exactJson, SAMPLE_REQUEST_ID } from "../pin/complete-samples";
import { readSamples, type Sample, sampleRoute } from "../pin/sample-rows";
import type { Model, PredictRoute } from "../predict/model";
import { type Answer, ask } from "./ask";
import { type CheckFinding, type CheckStep, outcome, unknown } from "./check-result";
import { firstDifference, sameButForKernels, withoutSeconds } from "./compare-answers";
import type { Ready } from "./proof";
import type { ServedBundle } from "./served-bundle";

/** Sends every sample of the bundle to the real app, and compares what comes back with what the sample says. */
export async function samplesStep({ folder }: Bundle, served: ServedBundle, ready: Ready): Promise<CheckStep> {
  const samples = [...readSamples(folder)];
  if (samples.length === 0) return unknown("samples", "samples/ holds no request: write one, and pin (docs/pin.md)");
  const findings: CheckFinding[] = [];
  for (const [file, sample] of samples) findings.push(...(await tryOne(file, sample, served, ready)));
  const told =
    samples.length === 1 ? "1 sample is answered as it says" : `${samples.length} samples are answered as they say`;
  return outcome("samples", findings, told);
}

async function tryOne(file: string, sample: Sample, served: ServedBundle, ready: Ready): Promise<CheckFinding[]> {
  const { model } = served;
  const path = `${model.bundle.folder}/samples/${file}`;
  const finding = (message: string): CheckFinding[] => [
    { file: path, message, remedy: `If the new answer is the right one: picklepod pin ${model.bundle.folder}` },
  ];
  if (sample.status === undefined && model.bundle.json.artifacts !== "trained") return finding("has no answer yet");
  const answer = await send(served.url, sample, model, sampleRoute(file, sample, model.bundle.manifest));
  const { status, response } = sample;
  if (status === undefined || response === undefined) {
    // trained here: nothing is known of its outputs
    return answer.status < 300 ? [] : finding(`is answered with ${answer.status}: ${start(answer.text)}`);
  }
  if (answer.status !== status) return finding(`says ${status}, the answer is ${answer.status}: ${start(answer.text)}`);
  const [is, said] = [answer.text, JSON.stringify(response)].map((text) => withoutSeconds(text, sample, model)) as [
    string,
    string,
  ];
  if (is === said || (isOfOtherKernels(sample, ready) && sameButForKernels(is, said))) return [];
  return finding(`is answered otherwise: ${firstDifference(is, said)}`);
}

/** The response is that of the machine that pinned last: on others it may part in the last bits. */
function isOfOtherKernels({ outputs = {} }: Sample, { sidecar: { fingerprint } }: Ready): boolean {
  return Object.keys(outputs).some((known) => known !== fingerprint);
}

function send(url: string, sample: Sample, { bundle }: Model, { request }: PredictRoute): Promise<Answer> {
  const [method = "POST", path = "/predictions"] = sample.route?.split(" ") ?? [];
  const at = `${url}/models/${bundle.name}${path}`;
  const headers = { "x-request-id": SAMPLE_REQUEST_ID };
  if (request.shape !== "query") return ask(at, { method, body: exactJson(sample.request), headers });
  const query = typeof sample.request === "string" ? sample.request : queryOf(sample.request);
  return ask(`${at}?${query}`, { method, headers });
}

const queryOf = (row: Sample["request"]): string =>
  new URLSearchParams(
    Object.entries(row as object).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();

const start = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
