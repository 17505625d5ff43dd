import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CannotPrepare } from "../../supervise/cannot-prepare";
import { installerVariables } from "../../supervise/child-variables";
import { findPresentUv, pythonWithPip, type Uv } from "../../supervise/find-uv";
import { runCommand } from "../../supervise/run-command";
import { machine } from "../tools";
import { type DoctorLine, missing, ok, warn } from "./doctor-line";

export async function examineUv(): Promise<{ uv: Uv | undefined; line: DoctorLine }> {
  const uv = await findPresentUv(machine());
  if (uv) return { uv, line: ok("uv", `${uv.version} at ${uv.path}`) };
  try {
    const python = await pythonWithPip(machine());
    const line = warn("uv", "not here", `It will be installed at the first start, with the pip of ${python}`);
    return { uv, line };
  } catch (error) {
    if (!(error instanceof CannotPrepare)) throw error;
    return { uv, line: missing("uv", error.problem, error.remedy) };
  }
}

const ANSWER_WITHIN_MS = 10_000;

/** Asked through uv, for only uv knows which registry it would use, through which proxy and with which certificates. */
export async function examineRegistry(uv: Uv | undefined): Promise<DoctorLine> {
  const what = "package registry";
  if (!uv) return warn(what, "not asked: uv is not here", "Look again when uv is there");
  const work = await mkdtemp(join(tmpdir(), "picklepod-doctor-"));
  try {
    const asked = join(work, "requirements.txt");
    await writeFile(asked, "pip\n");
    const { env, signal } = machine();
    const outcome = await runCommand({
      program: uv.path,
      args: [
        "pip",
        "compile",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--no-cache",
        "--quiet",
        "--output-file",
        join(work, "lock.txt"),
        asked,
      ],
      env: { UV_HTTP_TIMEOUT: "5", ...installerVariables(env) },
      timeoutMs: ANSWER_WITHIN_MS,
      signal,
    });
    if (outcome.ok) return ok(what, "answers");
    const why = outcome.errors.trim().split("\n").at(-1)?.trim() ?? "";
    const remedy =
      "Check the network; UV_DEFAULT_INDEX, HTTPS_PROXY and SSL_CERT_FILE are passed on. Environments that are made need none";
    return warn(what, `does not answer: ${why}`, remedy);
  } finally {
    await rm(work, { recursive: true });
  }
}
