import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

import { project } from "../../src/project";
import { ask } from "../../src/check/ask";
import { bundleNames } from "../bundles";
import { copyBundle, temporaryFolder } from "../bundle-copy";
import { runCommandLine, startCommand } from "../picklepod-command";
import { familyOf } from "../process-family";
import { isAlive, until } from "../start-picklepod";

jest.setTimeout(900_000); // the first use of a bundle on a machine makes its environment

it("--help teaches by example, --version is the package's, and both end with 0", async () => {
  const help = await runCommandLine(["--help"]);
  expect({ code: help.code, stderr: help.stderr }).toEqual({ code: 0, stderr: "" });
  expect(help.stdout).toContain("picklepod init mine/");
  expect(help.stdout).toContain("130  interrupted");
  const { version } = JSON.parse(readFileSync(join(project.root, "package.json"), "utf8")) as { version: string };
  expect(await runCommandLine(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  const ofVerb = await runCommandLine(["init", "--help"]);
  expect(ofVerb.stdout).toContain("picklepod init mine/ --yes --sample rows.csv");
});

it("--help and a mistake are told without loading what serves, validates or asks", async () => {
  const bin = join(project.root, "dist", "cli", "picklepod.js");
  const script = `process.on("exit", () => console.error(Object.keys(require.cache).join("\\n"))); require(${JSON.stringify(bin)})`;
  for (const word of ["--help", "inspct"]) {
    const { stderr } = await promisify(execFile)(process.execPath, ["-e", script, "--", word]).catch(
      (error: unknown) => error as { stderr: string },
    );
    const packages = [...stderr.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)\//g)].map(([, name]) => name);
    expect(packages).toContain("yargs");
    const heavy = ["zod", "express", "axios", "yaml", "pino", "@inquirer/prompts", "cli-table3"];
    expect(heavy.filter((name) => packages.includes(name))).toEqual([]);
  }
});

it("what is not understood is told on stderr and ends with 2", async () => {
  expect(await runCommandLine(["inspct", "x"])).toEqual({
    code: 2,
    stdout: "",
    stderr: "There is no verb inspct. Did you mean inspect? See `picklepod --help`.\n",
  });
  expect((await runCommandLine([])).code).toBe(2);
  expect((await runCommandLine(["doctor"], { env: { PORT: "x" } })).code).toBe(2);
});

const withArtifacts = bundleNames.filter((name) => name !== "exercise-26");
it.each(withArtifacts)("inspect --json reads %s's artifacts, and finds nothing dangerous", async (name) => {
  const { code, stdout } = await runCommandLine(["inspect", join(project.modelsFolder, name), "--json"]);
  const { files, findings } = JSON.parse(stdout) as { files: { dangers: unknown[] }[]; findings: { code: string }[] };
  expect(files.flatMap(({ dangers }) => dangers)).toEqual([]);
  expect({ code, grave: findings.filter((finding) => finding.code === "dangerous") }).toEqual({ code: 0, grave: [] });
});

it("inspect for a person holds no colours where stdout is no terminal", async () => {
  const file = join(project.modelsFolder, "flight-delay", "XGBoost-model.joblib");
  const { code, stdout } = await runCommandLine(["inspect", file], { env: { CI: "true" } });
  expect(code).toBe(0);
  expect(stdout).toContain("XGBClassifier");
  expect(stdout).not.toContain("\u001b[");
});

it("inspect of what is not there ends with 2", async () => {
  const { code, stderr } = await runCommandLine(["inspect", "nowhere"]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: "nowhere: there is no such file or folder\n" });
});

it("schema is JSON Schema, and completion completes verbs and bundles", async () => {
  const schema = JSON.parse((await runCommandLine(["schema"])).stdout) as { required: string[] };
  expect(schema.required).toContain("inputs");
  expect((await runCommandLine(["completion"])).stdout).toContain("complete -o bashdefault");
  const zsh = await runCommandLine(["completion"], { env: { SHELL: "/bin/zsh" } });
  expect(zsh.stdout).toContain("#compdef picklepod");
  const bundles = await runCommandLine(["--get-yargs-completions", "picklepod", "pin", "gl"]);
  expect(bundles.stdout).toBe("glm-fit\n");
  const scopes = ["--get-yargs-completions", "picklepod", "key", "new", "shop", "--scope", "control:"];
  expect((await runCommandLine(scopes)).stdout).toBe("control\\:metrics\ncontrol\\:reload\n");
});

it("doctor says of everything whether it is there, and what to do where it is not", async () => {
  const { code, stdout } = await runCommandLine(["doctor", "--json"], { env: { PORT: "0", MODELS: "glm-fit" } });
  const said = JSON.parse(stdout) as { ok: boolean; lines: { what: string; state: string; remedy: string }[] };
  expect(code).toBe(said.ok ? 0 : 3);
  const about = said.lines.map(({ what }) => what);
  const wanted = [
    "Node",
    "Python 3.7",
    "Python 3.8",
    "Python 3.13",
    "uv",
    "package registry",
    "disk",
    "kernels of glm-fit",
  ];
  expect(wanted.filter((what) => !about.includes(what))).toEqual([]);
  const helpless = said.lines.filter(({ state, remedy }) => state === "missing" && remedy === "");
  expect(helpless).toEqual([]);
});

it("lock, pin and train tell as JSON what they wrote, of paths that are meant from where one stands", async () => {
  const folder = copyBundle("glm-fit", "stands-here");
  const here = { cwd: dirname(folder) };
  const locked = await runCommandLine(["lock", basename(folder), "--json"], here);
  expect(JSON.parse(locked.stdout)).toMatchObject({ ok: true, anew: false, changed: [] });
  const pinned = await runCommandLine(["pin", `./${basename(folder)}`, "--json"], here);
  expect(JSON.parse(pinned.stdout)).toMatchObject({ ok: true, name: "stands-here" });
  const trained = await runCommandLine(["train", "glm-fit"]);
  expect({ code: trained.code, stderr: trained.stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/model\.yaml: has no artifacts_from: there is nothing to train\. /) as unknown,
  });
});

it("serve serves a bundle by its path, and ends with 0 once it has drained", async () => {
  const folder = copyBundle("glm-fit", "served");
  const { child, ended, stdout } = startCommand(["serve", folder, "--port", "0"]);
  const url = await until(60_000, "it listens", () => /listening on (http:[^"]+)/.exec(stdout())?.[1]);
  await until(600_000, "it is ready", async () => ((await ask(`${url}/readyz`)).status === 200 ? true : undefined));
  child.kill("SIGINT");
  expect((await ended).code).toBe(0);
});

it("Ctrl-C ends what is under way with 130, and all that it started", async () => {
  const { child, ended, stderr } = startCommand(["check", "exercise-26"], { env: { STATE_DIR: temporaryFolder() } });
  await until(600_000, "it trains", () => (stderr().includes("being trained") ? true : undefined));
  const family = familyOf(child.pid ?? 0);
  expect(family.length).toBeGreaterThanOrEqual(2);
  child.kill("SIGINT");
  expect((await ended).code).toBe(130);
  await until(10_000, "all of it ends", () => (family.some(isAlive) ? undefined : true));
});
