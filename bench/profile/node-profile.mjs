// A .cpuprofile of V8, cut to the time under load, as stacks.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../places.mjs";

/** What is no work: the event loop waits. */
const WAITING = "(idle)";

/**
 * [{stack: [{functionName, file}, …] from the outermost in, seconds}]
 *
 * @param from microseconds of the monotonic clock, which every process of a machine shares
 */
export function stacksOf(profileFile, from, to) {
  const { nodes, samples, timeDeltas, startTime } = JSON.parse(readFileSync(profileFile, "utf8"));
  const frames = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const spent = new Map();
  let at = startTime;
  samples.forEach((id, i) => {
    at += timeDeltas[i];
    // A sample stands for the time until the next one.
    if (at >= from && at < to) spent.set(id, (spent.get(id) ?? 0) + Math.max(0, timeDeltas[i + 1] ?? 0));
  });
  return [...spent]
    .map(([id, microseconds]) => ({ stack: stackOf(id, frames, parents), seconds: microseconds / 1e6 }))
    .filter(({ stack }) => stack.at(-1)?.functionName !== WAITING);
}

function stackOf(id, frames, parents) {
  const stack = [];
  for (let at = id; at !== undefined; at = parents.get(at)) {
    const { functionName, url } = frames.get(at).callFrame;
    if (functionName !== "(root)") stack.unshift({ functionName: functionName || "(anonymous)", file: fileOf(url) });
  }
  return stack;
}

/** `predict/read-body.js`, `/opossum/lib/circuit.js`, `node:internal/streams`: nothing of where the project lies. */
function fileOf(url) {
  const path = url.replace(/^file:\/\//, "");
  const ours = `${join(root, "dist")}/`;
  if (path.startsWith(ours)) return path.slice(ours.length);
  return path.includes("/node_modules/")
    ? path.slice(path.lastIndexOf("/node_modules/") + "/node_modules".length)
    : path;
}
