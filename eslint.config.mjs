import { importX } from "eslint-plugin-import-x";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import tseslint from "typescript-eslint";

/** Imports run one way. Each folder may import itself and those listed; the order is the one in ARCHITECTURE.md. */
const mayImport = {
  bundle: ["problems"],
  rows: ["bundle", "problems", "project"],
  predict: ["rows", "bundle", "problems", "observer"],
  stream: ["predict", "rows", "bundle", "problems", "observer"],
  access: ["observer", "problems", "settings"],
  control: ["access", "observer", "predict", "rows", "bundle", "problems", "settings"],
  metrics: ["predict", "rows", "bundle", "problems", "observer"],
  openapi: ["pin", "predict", "stream", "rows", "bundle", "problems", "project"],
  supervise: ["bundle", "problems", "project", "settings"],
  pickle: [],
  inspect: ["pickle"],
  pin: ["inspect", "pickle", "predict", "rows", "bundle", "problems"],
  init: ["inspect", "pickle", "pin", "predict", "rows", "bundle", "supervise", "problems", "project", "settings"],
  swap: ["app", "listen", "pod", "access", "control", "supervise", "predict", "bundle", "observer", "problems", "project", "settings"],
  workers: ["swap", "pod", "control", "supervise", "metrics", "bundle", "problems"],
  roles: ["workers", "swap", "pod", "app", "access", "control", "metrics", "supervise", "predict", "bundle", "observer", "problems", "project", "settings"],
  check: ["inspect", "pickle", "pin", "predict", "rows", "bundle", "supervise", "problems", "project", "settings"],
};
const everywhere = ["bundle", "rows", "predict", "stream", "control", "access", "metrics", "openapi", "supervise", "pickle", "inspect", "pin", "init", "check", "swap", "workers", "roles", "cli", "app", "routes", "control-routes", "document-routes", "prediction-routes", "main", "serve", "pod", "listen", "observer", "project", "settings", "problems"];
const zones = Object.entries(mayImport).map(([folder, allowed]) => ({
  target: `api/src/${folder}`,
  from: everywhere
    .filter((name) => name !== folder && !allowed.includes(name))
    .flatMap((name) => [`api/src/${name}`, `api/src/${name}.ts`]),
  message: `${folder}/ may import only ${[folder, ...allowed].join(", ")}: see ARCHITECTURE.md.`,
}));

export default tseslint.config(
  { ignores: ["dist/", "dist.chaos/", "coverage/", "node_modules/", ".picklepod/", "**/*.cjs"] },
  {
    files: ["api/**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { projectService: true } },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver()] },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      "import-x/no-cycle": "error",
      "no-console": "error",
      "max-lines": ["error", { max: 200, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Only settings.ts reads the environment." },
      ],
      // A leading _ says that a name is there only to leave it out.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // Numbers in messages are meant as they print.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["bench/**/*.mjs", "chaos/**/*.mjs", "fuzz/**/*.mjs", "scripts/supply/*.mjs"],
    extends: [...tseslint.configs.strict, ...tseslint.configs.stylistic],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "max-lines": ["error", { max: 200, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ["api/src/predict/batcher.ts"], rules: { "no-restricted-imports": ["error", { patterns: ["*"] }] } },
  { files: ["api/src/settings.ts"], rules: { "no-restricted-properties": "off" } }, // it is the one that reads it
  {
    files: ["**/*.test.ts", "api/test/**/*.ts"],
    rules: {
      "max-lines": "off", // a table of cases is long
      "max-lines-per-function": "off", // describe() is one function
      "no-restricted-properties": "off", // tests hand the environment to the process under test
    },
  },
);
