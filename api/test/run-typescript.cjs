/** node -r ./api/test/run-typescript.cjs some-script.ts: for the long tests, which are scripts and no jest. */
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { transformSync } = require("@swc/core");

require.extensions[".ts"] = (module, file) => {
  const { code } = transformSync(readFileSync(file, "utf8"), {
    filename: file,
    sourceMaps: "inline",
    jsc: { target: "es2023", parser: { syntax: "typescript" } },
    module: { type: "commonjs" },
  });
  module._compile(code, file);
};

/** What is imported only when it is needed is named by the file that it will be built to. */
const resolve = Module._resolveFilename;
Module._resolveFilename = (name, parent, ...more) => {
  const isOurs = /^\.{1,2}\/.*\.js$/.test(name) && parent?.filename.endsWith(".ts");
  return resolve(isOurs ? name.slice(0, -".js".length) : name, parent, ...more);
};
