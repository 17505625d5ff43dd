import { runCommand } from "./run-command";

const sh = (
  script: string,
  options: { timeoutMs?: number; signal?: AbortSignal; onLine?: (line: string) => void } = {},
) =>
  runCommand({
    program: "/bin/sh",
    args: ["-c", script],
    env: { PATH: "/usr/bin:/bin" },
    timeoutMs: 5_000,
    ...options,
  });

describe("a command", () => {
  it("ends with what it printed, its lines as they came", async () => {
    const lines: string[] = [];
    const outcome = await sh("echo out; sleep 0.05; echo err >&2", { onLine: (line) => lines.push(line) });
    expect(outcome).toEqual({ ok: true, output: "out", errors: "out\nerr" });
    expect(lines).toEqual(["out", "err"]);
  });

  it("that fails, is ended or is missing is an outcome", async () => {
    expect(await sh("echo no >&2; exit 3")).toEqual({ ok: false, output: "", errors: "no" });
    expect(await sh("kill -9 $$")).toEqual({ ok: false, output: "", errors: "It was ended by SIGKILL." });
    const missing = await runCommand({ program: "/nowhere/uv", args: [], env: {}, timeoutMs: 1_000 });
    expect(missing).toEqual({ ok: false, output: "", errors: "spawn /nowhere/uv ENOENT" });
  });

  it("that hangs is ended in time, even where a child of it holds its pipes", async () => {
    const outcome = await sh("sleep 2 & wait", { timeoutMs: 80 });
    expect(outcome).toEqual({ ok: false, output: "", errors: "It did not end within 0 s." });
  });

  it("is ended when the caller says so", async () => {
    const outcome = await sh("exec sleep 2", { signal: AbortSignal.timeout(50) });
    expect(outcome).toEqual({ ok: false, output: "", errors: "It was cancelled." });
  });

  it("runs where no project file has a say", async () => {
    expect((await sh("pwd")).output).toBe("/");
  });
});
