// docs/benchmarks/flame-api.svg, flame-sidecar.svg and stages.md.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../places.mjs";
import { addStack, newTree } from "./call-tree.mjs";
import { flameGraph } from "./flame-graph.mjs";
import { stagesPage } from "./stages-page.mjs";
import { apiStages, rest, sidecarStages, stageOf } from "./stages.mjs";

const folder = join(root, "docs/benchmarks");

export function writeProfile({ wall, clients, api, sidecar }) {
  mkdirSync(folder, { recursive: true });
  const load = `single rows, ${clients} clients`;
  writeFileSync(join(folder, "flame-api.svg"), drawn(`CPU of the API: ${load}`, api.stacks, apiStages));
  writeFileSync(join(folder, "flame-sidecar.svg"), drawn(`CPU of the sidecar: ${load}`, sidecar.stacks, sidecarStages));
  const cpu = { api: perRequest(api, apiStages), sidecar: perRequest(sidecar, sidecarStages) };
  writeFileSync(join(folder, "stages.md"), stagesPage({ wall, clients, cpu }));
}

/** Told apart by hue; what is nobody's is grey. */
const hues = ["#8ce99a", "#74c0fc", "#b197fc", "#ffd43b", "#ffa8a8", "#63e6be", "#faa2c1", "#a9e34b", "#66d9e8"];

function drawn(title, stacks, stages) {
  const colours = Object.fromEntries(Object.keys(stages).map((stage, i) => [stage, hues[i]]));
  const tree = newTree("all");
  for (const { stack, seconds } of stacks)
    addStack(
      tree,
      stack.map((frame, i) => named(frame, stack.slice(0, i + 1), stages)),
      seconds,
    );
  const names = Object.entries(stages).map(([stage, [name]]) => [stage, name]);
  const key = Object.fromEntries([...names, ["none", "nobody's alone"]]);
  return flameGraph({ title, tree, key, colourOf: (stage) => colours[stage] ?? "#dee2e6" });
}

const named = ({ functionName, file }, stack, stages) => ({
  name: file ? `${functionName} ${file}` : functionName,
  kind: stageOf(stack, stages),
});

/** {[stage]: microseconds of CPU for a request} */
function perRequest({ stacks, requests }, stages) {
  const spent = Object.fromEntries([...Object.keys(stages), ...Object.keys(rest)].map((stage) => [stage, 0]));
  for (const { stack, seconds } of stacks) spent[stageOf(stack, stages)] += (seconds * 1e6) / requests;
  return spent;
}
