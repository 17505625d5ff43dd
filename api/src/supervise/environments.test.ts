import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { prepareEnvironment, type EnvironmentRequest } from "./environments";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
let home: string;
let said: string[];

/** As much of uv as is asked for. It keeps a diary, and fails where the lock says so. */
const uv = `
case "$1 $2" in
  "--version "*) echo "uv 0.13.8" ;;
  "venv "*) for draft; do :; done; mkdir -p "$draft/bin" "$draft/lib/python3.9/site-packages"; ln -s "$0" "$draft/bin/python" ;;
  "pip sync") for lock; do :; done; echo sync >> "$HOME/diary"; env > "$HOME/variables"
    echo "Downloading scipy (32.9MiB)" >&2; sleep 0.05
    grep -q broken "$lock" && { echo "error: Hash mismatch for six" >&2; exit 1; } ;;
  "pip install") echo install >> "$HOME/diary" ;;
esac
exit 0`;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "picklepod-environments-"));
  said = [];
  await program("bin/uv", uv);
  await program("bin/python3.9", `echo '["${home}/bin/python3.9", "3.9.18", "CPython"]'`);
  await Promise.all(["lock", "sidecar.txt"].map((name) => writeFile(join(home, name), `${name}\n`)));
});
afterEach(() => rm(home, { recursive: true }));

async function program(path: string, script: string) {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

const prepare = (changes: Partial<EnvironmentRequest> = {}) =>
  prepareEnvironment({
    python: "3.9",
    lock: join(home, "lock"),
    sidecarLock: join(home, "sidecar.txt"),
    sidecarRoot: join(home, "sidecar"),
    uvRequirements: join(home, "uv.txt"),
    cacheDir: join(home, "cache"),
    bundles: ["classification"],
    env: { PATH: `${join(home, "bin")}:/usr/bin:/bin`, HOME: home },
    log,
    onProgress: (line) => said.push(line),
    ...changes,
  });
const diary = () => readFile(join(home, "diary"), "utf8").catch(() => "");
const made = () => readdir(join(home, "cache", "environments"));

describe("an environment", () => {
  it("is made once, with progress, and found from then on, in silence", async () => {
    const first = await prepare();
    expect(said.map((line) => line.replace(/[\d.]+ s$/, "… s"))).toEqual([
      "The environment for classification (Python 3.9.18) is being made; this is done once",
      "classification: downloading scipy (32.9MiB)",
      "The environment for classification (Python 3.9.18) is ready after … s",
    ]);
    said = [];
    expect(await prepare()).toEqual(first);
    expect(said).toEqual([]);
    expect(await diary()).toBe("sync\ninstall\n");
  });

  it("is named by its Python and both locks' contents, not by where they lie", async () => {
    const { folder } = await prepare();
    expect(folder).toMatch(/cache\/environments\/3\.9-[0-9a-f]{16}$/);
    await writeFile(join(home, "moved"), "lock\n");
    expect((await prepare({ lock: join(home, "moved") })).folder).toBe(folder);
    await writeFile(join(home, "sidecar.txt"), "another uvicorn\n");
    expect((await prepare()).folder).not.toBe(folder);
  });

  it("is made by one of several that want it at the same time; the others wait", async () => {
    const folders = await Promise.all([prepare(), prepare(), prepare()]);
    expect(new Set(folders.map(({ folder }) => folder)).size).toBe(1);
    expect(await diary()).toBe("sync\ninstall\n");
    expect((await made()).length).toBe(1);
  });

  it("has the sidecar's packages after its own, and finds the sidecar where it lies now", async () => {
    const { folder } = await prepare();
    const pth = join(folder, "lib/python3.9/site-packages/picklepod.pth");
    expect(await readFile(pth, "utf8")).toBe(`../../../sidecar-packages\n${home}/sidecar\n`);
    await prepare({ sidecarRoot: join(home, "moved") });
    expect(await readFile(pth, "utf8")).toBe(`../../../sidecar-packages\n${home}/moved\n`);
  });

  it("hears nothing of the caller's own Python, and all about how to reach an index", async () => {
    const env = {
      PATH: `${join(home, "bin")}:/usr/bin:/bin`,
      HOME: home,
      PYTHONPATH: "/mine",
      PYTHONHOME: "/mine",
      VIRTUAL_ENV: "/mine",
      UV_PYTHON: "3.12",
      PIP_TARGET: "/mine",
      UV_DEFAULT_INDEX: "http://index",
      SSL_CERT_FILE: "/certificates",
    };
    await prepare({ env });
    const variables = await readFile(join(home, "variables"), "utf8");
    expect(variables).not.toMatch(/=(\/mine|3\.12)$/m);
    expect(variables).toMatch(/^UV_DEFAULT_INDEX=http:\/\/index$/m);
    expect(variables).toMatch(/^SSL_CERT_FILE=\/certificates$/m);
  });

  it("that could not be made leaves nothing behind, and says why and what to do", async () => {
    await writeFile(join(home, "lock"), "broken\n");
    await expect(prepare()).rejects.toThrow(
      "The environment for classification (Python 3.9.18) could not be made: a package is not the one whose hash is " +
        "in the lock. uv said:\n  Downloading scipy (32.9MiB)\n  error: Hash mismatch for six\nDo not go on with it",
    );
    expect(await made()).toEqual([]);
  });

  it("left half-made by a process that was killed is swept away, never used", async () => {
    const { folder } = await prepare();
    await rm(folder, { recursive: true });
    const half = `${folder}.making-999999999-abcdef01`;
    await mkdir(join(half, "bin"), { recursive: true });
    const dead = { pid: 999999999, start: "1", host: hostname(), token: "x" };
    await writeFile(`${folder}.lock`, JSON.stringify(dead));
    await prepare();
    expect(await diary()).toBe("sync\ninstall\nsync\ninstall\n");
    expect((await made()).length).toBe(1);
  });

  it("whose interpreter was uninstalled is made again", async () => {
    const { python } = await prepare();
    await rm(python);
    await symlink("/nowhere/python3.9", python);
    await prepare();
    expect(await diary()).toBe("sync\ninstall\nsync\ninstall\n");
  });

  it("of a Python that the sidecar has no lock for is refused", async () => {
    await expect(prepare({ sidecarLock: join(home, "sidecar-3.6.txt") })).rejects.toThrow(
      `There is no lock ${home}/sidecar-3.6.txt.\nThe sidecar does not run on Python 3.9: name another one`,
    );
  });

  it("is given up when the caller says so", async () => {
    await expect(prepare({ signal: AbortSignal.abort(new Error("stopped")) })).rejects.toThrow("stopped");
    expect(await made()).toEqual([]);
  });
});
