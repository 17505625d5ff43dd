/** Unit tests lie beside their source; contract and end-to-end tests, which start real sidecars, in api/test. */
const shared = {
  // Environments hold packages with a package.json of their own.
  modulePathIgnorePatterns: ["<rootDir>/.picklepod"],
  transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2023", parser: { syntax: "typescript" } } }] },
  testEnvironment: "node",
  // What is imported only when it is needed is named by the file that it will be built to.
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
};
module.exports = {
  globalSetup: "<rootDir>/api/test/make-temporary-folder.cjs",
  globalTeardown: "<rootDir>/api/test/remove-temporary-folder.cjs",
  projects: [
    { ...shared, displayName: "unit", testMatch: ["<rootDir>/api/src/**/*.test.ts"] },
    { ...shared, displayName: "contract", testMatch: ["<rootDir>/api/test/contract/**/*.test.ts"] },
    { ...shared, displayName: "end-to-end", testMatch: ["<rootDir>/api/test/end-to-end/**/*.test.ts"] },
  ],
};
