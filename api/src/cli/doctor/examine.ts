import { readSettings } from "../../settings";
import { interrupted } from "../interruption";
import { paint, say } from "../terminal";
import { examineDocker } from "./docker";
import type { DoctorLine } from "./doctor-line";
import { examineFingerprints } from "./fingerprints";
import { readNeeds } from "./needs";
import { examinePythons } from "./pythons";
import { examineFolders, examineLimits, examineNode, examinePorts } from "./system";
import { examineRegistry, examineUv } from "./uv";

/** Everything that Picklepod needs of a machine. Nothing is installed or made. */
export async function examine(): Promise<DoctorLine[]> {
  const settings = readSettings();
  const needs = readNeeds(settings);
  say("Looking for uv and asking the package registry");
  const { uv, line: uvLine } = await examineUv();
  const registry = await examineRegistry(uv);
  say("Looking for Pythons");
  const pythons = await examinePythons(needs, uv, registry.state === "ok");
  say("Looking at Docker, ports, folders and kernels");
  const others = [
    ...(await examineDocker()),
    ...(await examinePorts(settings, needs)),
    ...(await examineFolders(settings)),
    ...(await examineLimits()),
    ...(await examineFingerprints(needs.bundles)),
  ];
  interrupted.throwIfAborted();
  return [examineNode(), ...pythons, uvLine, registry, ...others];
}

export function report(lines: readonly DoctorLine[]): string {
  const { green, yellow, red, dim } = paint("stdout");
  const marks = { ok: green("ok     "), warn: yellow("warn   "), missing: red("missing") };
  const width = Math.max(...lines.map(({ what }) => what.length));
  const text = lines.flatMap(({ what, state, told, remedy }) => [
    `${marks[state]}  ${what.padEnd(width)}  ${told}`,
    ...(remedy === "" ? [] : [dim(`${" ".repeat(width + 11)}→ ${remedy}`)]),
  ]);
  const count = (wanted: DoctorLine["state"]): number => lines.filter(({ state }) => state === wanted).length;
  return [...text, "", `${count("missing")} missing, ${count("warn")} to look at`].join("\n");
}
