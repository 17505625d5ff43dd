import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { project } from "../project";

const script = join(project.root, "api", "src", "cli", "picklepod.ts");
const typescript = join(project.root, "api", "test", "run-typescript.cjs");

it("a full disk under stdout is told in one line, and ends with 3", async () => {
  const answers = createServer((request, response) => {
    request.resume();
    response.end("1\n".repeat(200_000));
  });
  await once(answers.listen(0, "127.0.0.1"), "listening");
  const rows = join(mkdtempSync(join(tmpdir(), "picklepod-full-")), "rows.csv");
  writeFileSync(rows, "x\n1\n");
  const full = openSync("/dev/full", "w");
  try {
    const url = `http://127.0.0.1:${(answers.address() as AddressInfo).port}/`;
    const child = spawn(process.execPath, ["-r", typescript, script, "score", rows, "--url", url], {
      stdio: ["ignore", full, "pipe"],
    });
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const [code] = (await once(child, "close")) as [number | null];
    const told =
      "stdout is not complete: ENOSPC: no space left on device, write. Make room there, or write elsewhere.\n";
    expect({ code, stderr }).toEqual({ code: 3, stderr: told });
  } finally {
    closeSync(full);
    answers.closeAllConnections();
    answers.close();
  }
}, 60_000);
