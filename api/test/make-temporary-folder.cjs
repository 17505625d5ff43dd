// Before all tests: what they leave behind lies in one folder, which goes with them (remove-temporary-folder.cjs).
const { mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

module.exports = () => {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), "picklepod-jest-"));
};
