import { chmodSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { project } from "../../src/project";
import { freePort } from "../free-port";
import { commandsOf, isPrinted } from "../page-commands";
import { type Shell, startShell } from "../shell";
import { type Listening, startPicklepod, until } from "../start-picklepod";

jest.setTimeout(900_000); // the first start on a machine makes environments

/** A folder as a user has it: the clone's models, and `picklepod` on the PATH. */
function userFolder(): { folder: string; env: Record<string, string> } {
  const folder = mkdtempSync(join(tmpdir(), "access-"));
  symlinkSync(project.modelsFolder, join(folder, "models"));
  const command = join(folder, "picklepod");
  writeFileSync(
    command,
    `#!/bin/sh\nexec "${process.execPath}" "${join(project.root, "dist/cli/picklepod.js")}" "$@"\n`,
  );
  chmodSync(command, 0o755);
  return { folder, env: { PATH: `${folder}:${process.env["PATH"] ?? ""}`, NO_COLOR: "1" } };
}

/** `A=b C=$PWD/d npm start`, and what was exported before, as the shell expands it. */
async function settingsOf(shell: Shell, command: string): Promise<Record<string, string>> {
  const words = await shell.run(`(export ${command.replace(/npm start$/, "")} 2>&1; env -0 | tr '\\0' '\\n')`);
  const names = /^(API_KEYS_FILE|RATE_LIMIT\w*|TRUSTED_PROXIES|TLS_\w+|CORS_ORIGINS|ADMIN_PORT)=(.*)$/gm;
  return Object.fromEntries([...words.matchAll(names)].map(([, name = "", value = ""]) => [name, value]));
}

describe.each(commandsOf("docs/access.md"))("$title", ({ commands }) => {
  let shell: Shell;
  let picklepod: Listening | undefined;
  beforeEach(() => {
    const { folder, env } = userFolder();
    shell = startShell(folder, env);
  });
  afterEach(async () => {
    shell.stop();
    await picklepod?.stop();
  });

  it("each command prints what the page says", async () => {
    const [port, adminPort] = [await freePort(), await freePort()];
    const here = (text: string): string =>
      text.replaceAll("localhost:8080", `localhost:${port}`).replaceAll("localhost:9090", `localhost:${adminPort}`);
    const wrong: string[] = [];
    for (const { command, prints } of commands) {
      if (command.endsWith("npm start")) {
        await picklepod?.stop();
        const settings = await settingsOf(shell, command);
        if (settings["ADMIN_PORT"] !== undefined) settings["ADMIN_PORT"] = String(adminPort);
        picklepod = await startPicklepod({ models: ["classification"], env: { ...settings, PORT: String(port) } });
        const ask = `curl -skf ${picklepod.url}/readyz`;
        await until(600_000, "it is ready", async () => ((await shell.run(ask)) === "" ? undefined : true));
        continue;
      }
      const printed = await shell.run(here(command));
      if (prints !== undefined && !isPrinted(prints, printed)) wrong.push(`${command}\n  prints ${printed}`);
    }
    expect(wrong).toEqual([]);
  });
});
