import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CannotPrepare } from "./cannot-prepare";
import { findPython } from "./find-python";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "picklepod-python-"));
});
afterEach(() => rm(home, { recursive: true }));

async function program(path: string, script: string) {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}
const python = (path: string, version: string, implementation = "CPython") =>
  program(path, `echo '["${join(home, path)}", "${version}", "${implementation}"]'`);

const find = (uv = () => Promise.reject<{ path: string }>(new CannotPrepare("no uv here", "get it"))) =>
  findPython("3.9", {
    env: { PATH: join(home, "bin"), HOME: home },
    log,
    cacheDir: join(home, "cache"),
    bundles: ["classification", "glm-fit"],
    uv,
  });

describe("a Python is found", () => {
  it("by its own name on PATH, before any other", async () => {
    const path = await python("bin/python3.9", "3.9.2");
    await python(".pyenv/versions/3.9.18/bin/python", "3.9.18");
    expect(await find()).toEqual({ path, version: "3.9.2" });
  });

  it("in pyenv's newest version, where the shim on PATH fails", async () => {
    await program("bin/python3.9", 'echo "pyenv: python3.9: command not found" >&2; exit 127');
    await python(".pyenv/versions/3.9.9/bin/python", "3.9.9");
    const path = await python(".pyenv/versions/3.9.18/bin/python", "3.9.18");
    expect(await find()).toEqual({ path, version: "3.9.18" });
  });

  it("under PYENV_ROOT, where that is set", async () => {
    const path = await python("elsewhere/versions/3.9.7/bin/python", "3.9.7");
    const env = { PATH: "", HOME: home, PYENV_ROOT: join(home, "elsewhere") };
    const options = { env, log, cacheDir: home, bundles: ["one"], uv: () => Promise.reject(new Error("none")) };
    expect(await findPython("3.9", options)).toEqual({ path, version: "3.9.7" });
  });

  it("as python3, if that is of the minor asked for", async () => {
    await python("bin/python3", "3.12.1");
    const path = await python("bin/python", "3.9.5");
    expect(await find()).toEqual({ path, version: "3.9.5" });
  });

  it("through uv, when this machine's own do not fit", async () => {
    await python("bin/python3.9", "3.9.1", "PyPy");
    await python("bin/python3", "3.90.0");
    const path = await python("managed/python3.9", "3.9.20");
    const uv = await program("uv", `[ "$2" = find ] && echo ${path}`);
    expect(await find(() => Promise.resolve({ path: uv }))).toEqual({ path, version: "3.9.20" });
  });

  it("by having uv fetch it into the cache folder, last of all", async () => {
    const path = await python("fetched/python3.9", "3.9.25");
    const uv = await program(
      "uv",
      `case "$2" in
         install) /bin/mkdir -p "$UV_PYTHON_INSTALL_DIR" && : > "$UV_PYTHON_INSTALL_DIR/3.9";;
         find) [ -e "$UV_PYTHON_INSTALL_DIR/3.9" ] && echo ${path};;
       esac`.replace(/^ +/gm, ""),
    );
    expect(await find(() => Promise.resolve({ path: uv }))).toEqual({ path, version: "3.9.25" });
  });
});

describe("a Python that cannot be had is told", () => {
  it("with its version, who needs it, where it was looked for, what is here and how to get it", async () => {
    await python("bin/python3.8", "3.8.2");
    await python(".pyenv/versions/3.10.1/bin/python", "3.10.1");
    const uv = await program(
      "uv",
      '[ "$2" = find ] || echo "error: Failed to install\n  cause: dns error" >&2; exit 1',
    );
    const error = await find(() => Promise.resolve({ path: uv })).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(CannotPrepare);
    expect((error as CannotPrepare).problem).toBe(
      "Python 3.9 is missing; classification, glm-fit need it. Looked for python3.9, python3 and python on PATH " +
        "and in ~/.pyenv/versions; uv could not fetch it: dns error. Here are Python 3.8, 3.10",
    );
    expect((error as CannotPrepare).remedy).toContain(
      "`uv python install 3.9`, or `pyenv install 3.9`, or run `docker compose up`",
    );
  });

  it("also where there is no uv", async () => {
    await expect(find()).rejects.toThrow("uv could not fetch it: no uv here");
  });
});
