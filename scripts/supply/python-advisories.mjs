// What pip-audit says of a lock. It is asked for nothing but what the lock names.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const PATIENCE_MS = 180_000;

/** {known: [{name, severity, what}], skipped: [name]}, or {unknown: why nothing could be looked up} */
export function pythonAdvisories(root, file, python) {
  const args = ["-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "10"];
  const options = { cwd: root, encoding: "utf8", timeout: PATIENCE_MS, maxBuffer: 1 << 28 };
  const { stdout, stderr, error } = spawnSync(python, [...args, "-f", "json", "-r", join(root, file)], options);
  return error === undefined ? readPipReport(stdout, stderr) : { unknown: error.message };
}

/** pip-audit calls a lock clean of which it could look up nothing: what it skipped was not looked up, and that is said. */
export function readPipReport(text, said = "") {
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return { unknown: said.trim().split("\n").at(-1) || "pip-audit wrote no report" };
  }
  const isSkipped = ({ skip_reason: why }) => why !== undefined;
  const [skipped, seen] = [true, false].map((side) => report.dependencies.filter((each) => isSkipped(each) === side));
  if (seen.length === 0 && skipped.length > 0) return { unknown: skipped[0].skip_reason };
  return { known: seen.flatMap(advisoriesOf), skipped: skipped.map(({ name }) => name) };
}

const advisoriesOf = ({ name, version, vulns }) =>
  vulns.map(({ id, fix_versions: mended }) => ({
    name: `${name} ${version}`,
    severity: "",
    what: mended.length === 0 ? id : `${id}, mended in ${mended.join(", ")}`,
  }));
