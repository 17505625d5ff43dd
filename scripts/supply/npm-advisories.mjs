// What `npm audit` says of package-lock.json.
import { spawnSync } from "node:child_process";

const PATIENCE_MS = 120_000;

/** {known: [{name, severity, what, isDirect}]}, or {unknown: why nothing could be looked up} */
export function npmAdvisories(root, { production }) {
  const args = ["audit", "--json", "--package-lock-only", ...(production ? ["--omit=dev"] : [])];
  const { stdout, error } = spawnSync("npm", args, { cwd: root, encoding: "utf8", timeout: PATIENCE_MS });
  return error === undefined ? readNpmReport(stdout) : { unknown: error.message };
}

/** npm ends with 1 where it found something and where it could ask nobody: its report tells which. */
export function readNpmReport(text) {
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return { unknown: "npm audit wrote no report" };
  }
  const { vulnerabilities, message, error } = report;
  if (vulnerabilities === undefined)
    return { unknown: reason(message ?? error?.summary ?? "npm audit gave no reason") };
  const known = Object.values(vulnerabilities).map(({ name, severity, via, isDirect }) => ({
    ...{ name, severity, isDirect },
    what: via.map((each) => (typeof each === "string" ? `by ${each}` : each.title)).join("; "),
  }));
  return { known };
}

/** Which registry was asked is the reader's business, not the report's. */
const reason = (text) => text.replaceAll(/\s*-?\s*(GET|POST)?\s*https?:\/\/\S+/g, "").trim();
