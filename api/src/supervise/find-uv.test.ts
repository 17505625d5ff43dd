import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findUv } from "./find-uv";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "picklepod-uv-"));
  await writeFile(join(home, "uv.txt"), "uv==0.13.8 --hash=sha256:0\n");
});
afterEach(() => rm(home, { recursive: true }));

async function program(path: string, script: string) {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

/** A Python whose pip, if it has one, installs a uv that only tells its version. */
const python = (version: string, pip: string) =>
  program(
    "bin/python3",
    [
      `[ "$1" = -I ] && echo '["${join(home, "bin/python3")}", "${version}", "CPython"]' && exit 0`,
      '[ "$3" = --version ] && ' + (pip === "" ? "exit 1" : "exit 0"),
      pip,
    ].join("\n"),
  );
const installs = [
  'while [ "$1" != --target ]; do shift; done',
  '/bin/mkdir -p "$2/bin"',
  'printf "#!/bin/sh\\necho uv 0.13.8 \\(linux\\)\\n" > "$2/bin/uv"',
  '/bin/chmod +x "$2/bin/uv"',
].join("\n");

const find = () =>
  findUv({
    env: { PATH: join(home, "bin"), HOME: home },
    log,
    cacheDir: join(home, "cache"),
    requirements: join(home, "uv.txt"),
  });

describe("uv", () => {
  it("is the one on PATH", async () => {
    const path = await program("bin/uv", "echo 'uv 0.9.2 (abc 2025-01-01)'");
    expect(await find()).toEqual({ path, version: "0.9.2" });
  });

  it("is another one when that on PATH is too old, or not uv at all", async () => {
    await program("bin/uv", "echo 'uv 0.2.37'");
    const path = await program(".local/bin/uv", "echo 'uv 1.0.0'");
    expect(await find()).toEqual({ path, version: "1.0.0" });
  });

  it("is installed by pip where there is none, once, however many ask at the same time", async () => {
    await python("3.11.2", `echo run >> "${home}/runs"\n${installs}`);
    const [one, two] = await Promise.all([find(), find()]);
    expect(one.version).toBe("0.13.8");
    expect(two).toEqual(one);
    await python("3.11.2", "exit 1");
    expect(await find()).toEqual(one);
    expect((await readdir(join(home, "cache", "uv"))).length).toBe(1);
  });

  it("cannot be had without pip, and says so", async () => {
    await python("3.11.2", "");
    await expect(find()).rejects.toThrow(
      /python3 cannot install it, having no pip\nInstall uv .*apt install python3-pip/,
    );
  });

  it("cannot be had without a Python from 3.8, and says so", async () => {
    await python("3.7.16", installs);
    await expect(find()).rejects.toThrow("no Python from 3.8 was found to install it with");
  });

  it("is not taken from a pip that failed, whose words are handed on", async () => {
    await python("3.11.2", "echo 'THESE PACKAGES DO NOT MATCH THE HASHES' >&2; exit 1");
    await expect(find()).rejects.toThrow("pip could not install it:\nTHESE PACKAGES DO NOT MATCH THE HASHES");
    expect(await readdir(join(home, "cache", "uv"))).toEqual([]);
  });
});
