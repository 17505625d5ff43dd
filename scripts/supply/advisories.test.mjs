import assert from "node:assert/strict";
import { test } from "node:test";

import { readNpmReport } from "./npm-advisories.mjs";
import { readPipReport } from "./python-advisories.mjs";

const skip_reason = "Dependency not found on PyPI and could not be audited: uv (0.13.8)";

test("a lock of which pip-audit looked up nothing is not called clean, as pip-audit calls it", () => {
  const report = { dependencies: [{ name: "uv", skip_reason }], fixes: [] };
  assert.deepEqual(readPipReport(JSON.stringify(report)), { unknown: skip_reason });
});

test("what pip-audit skipped beside what it looked up is told by name", () => {
  const clean = { name: "six", version: "1.16.0", vulns: [] };
  const report = { dependencies: [clean, { name: "uv", skip_reason }] };
  assert.deepEqual(readPipReport(JSON.stringify(report)), { known: [], skipped: ["uv"] });
});

test("an advisory of pip-audit names the package, its version, and the version without it", () => {
  const vulns = [
    { id: "PYSEC-2020-73", fix_versions: ["1.1.0"] },
    { id: "PYSEC-2099-1", fix_versions: [] },
  ];
  const report = { dependencies: [{ name: "pandas", version: "1.0.3", vulns }] };
  assert.deepEqual(readPipReport(JSON.stringify(report)).known, [
    { name: "pandas 1.0.3", severity: "", what: "PYSEC-2020-73, mended in 1.1.0" },
    { name: "pandas 1.0.3", severity: "", what: "PYSEC-2099-1" },
  ]);
});

test("pip-audit without a report is told by the last thing it said", () => {
  const said = "WARNING: one\nERROR: no connection\n";
  assert.deepEqual(readPipReport("", said), { unknown: "ERROR: no connection" });
});

test("an audit that npm's registry refused is not one without findings, and the registry is not named", () => {
  const message = "405 Method Not Allowed - POST https://registry.example/-/npm/v1/security/advisories/bulk";
  assert.deepEqual(readNpmReport(JSON.stringify({ message, statusCode: 405 })), { unknown: "405 Method Not Allowed" });
  assert.deepEqual(readNpmReport("npm error network"), { unknown: "npm audit wrote no report" });
});

test("an advisory of npm audit says whether the project asks for the package itself", () => {
  const vulnerabilities = {
    qs: { name: "qs", severity: "high", isDirect: false, via: [{ title: "Denial of service" }] },
    express: { name: "express", severity: "high", isDirect: true, via: ["qs"] },
  };
  assert.deepEqual(readNpmReport(JSON.stringify({ vulnerabilities })).known, [
    { name: "qs", severity: "high", isDirect: false, what: "Denial of service" },
    { name: "express", severity: "high", isDirect: true, what: "by qs" },
  ]);
});

test("a clean report is one without findings", () => {
  assert.deepEqual(readNpmReport('{"vulnerabilities": {}}'), { known: [] });
});
