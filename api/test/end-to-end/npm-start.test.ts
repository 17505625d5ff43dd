import { spawn } from "node:child_process";

import { project } from "../../src/project";
import { readLines } from "../../src/supervise/read-lines";
import { ask } from "../../src/check/ask";
import { familyOf } from "../process-family";
import { isAlive, testState, until } from "../start-picklepod";

jest.setTimeout(900_000); // the first start on a machine installs and makes environments

it("npm start serves, and one SIGTERM to its process group ends everything within 20 s", async () => {
  const env = { ...process.env, PORT: "0", MODELS: "glm-fit", STATE_DIR: testState };
  const npm = spawn("npm", ["start"], { cwd: project.root, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const group = npm.pid ?? 0;
  const lines: string[] = [];
  readLines(npm.stdout, (line) => lines.push(line));
  readLines(npm.stderr, (line) => lines.push(line));
  let family: number[] = [];
  try {
    const url = await until(600_000, `it listens: ${lines.join("\n")}`, () => {
      if (npm.exitCode !== null) throw new Error(lines.join("\n"));
      return lines.map((line) => /listening on (http:[^"]+)/.exec(line)?.[1]).find(Boolean);
    });
    await until(600_000, "it is ready", async () => ((await ask(`${url}/readyz`)).status === 200 ? true : undefined));
    family = familyOf(group);
    expect(family.length).toBeGreaterThanOrEqual(3); // npm, the API, the sidecar
    process.kill(-group, "SIGTERM");
    await until(20_000, "all of it ends", () => (family.some(isAlive) ? undefined : true));
  } finally {
    for (const pid of family.filter(isAlive)) process.kill(pid, "SIGKILL");
  }
});
