"""Runs every test of the sidecar on every Python from 3.7 to 3.13 that is here, and the linters on the newest.

    python3 sidecar/tests/run.py [3.7 3.13 linters] [--uv PATH]

Its environments are kept under .picklepod/test-environments; only the first run makes them.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

SIDECAR = Path(__file__).resolve().parent.parent
ENVIRONMENTS = SIDECAR.parent / ".picklepod" / "test-environments"
VERSIONS = ["3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13"]
LINTERS = "linters"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=[*VERSIONS, LINTERS], help="Pythons, and the word linters")
    parser.add_argument("--uv", default=shutil.which("uv"), help="the uv that makes the environments")
    given = parser.parse_args()
    if not given.uv:
        sys.exit("uv is not on the PATH. Install it (python3 -m pip install uv), or say where it is with --uv.")
    results = [lint(given.uv) if part == LINTERS else test(given.uv, part) for part in given.parts]
    failed = sum(failed for _, failed in results)
    print(f"{sum(passed for passed, _ in results)} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def find_python(version):
    """By asking each candidate: a shim on the PATH may stand for a Python that is not installed."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates = [shutil.which("python" + version), *sorted(root.glob(f"versions/{version}.*/bin/python"))]
    for candidate in filter(None, candidates):
        code = f"import sys; print(sys.executable if '%d.%d' % sys.version_info[:2] == '{version}' else '')"
        asked = subprocess.run([str(candidate), "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        found = asked.stdout.decode().strip()
        if asked.returncode == 0 and found:
            return found
    return None


def environment(uv, name, python, lock, sidecar_lock=None):
    """A cached environment; the sidecar's own packages come after the others on sys.path, as in production."""
    locks = [path for path in (lock, sidecar_lock) if path]
    key = hashlib.sha256(b"".join(path.read_bytes() for path in locks) + python.encode()).hexdigest()[:12]
    folder = ENVIRONMENTS / f"{name}-{key}"
    its_python = folder / "bin" / "python"
    if (folder / "complete").exists():
        return its_python
    print(f"making the environment {folder.name} …", flush=True)
    shutil.rmtree(str(folder), ignore_errors=True)
    # Compiled here, since whoever loads artifacts may not write: each test that starts a sidecar would compile anew.
    wheels = ["--require-hashes", "--only-binary", ":all:", "--compile-bytecode", "--python", str(its_python)]
    call(uv, "venv", "-q", "--python", python, str(folder))
    call(uv, "pip", "install", "-q", *wheels, "-r", str(lock))
    if sidecar_lock:
        call(uv, "pip", "install", "-q", *wheels, "--target", str(folder / "sidecar"), "-r", str(sidecar_lock))
        (site_packages,) = folder.glob("lib/python*/site-packages")
        (site_packages / "zz-sidecar.pth").write_text("../../../sidecar\n")
    (folder / "complete").touch()
    return its_python


def call(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.stderr.write(done.stdout.decode())
        raise SystemExit("{} failed".format(" ".join(command[:4])))


def test(uv, version):
    python = find_python(version)
    if not python:
        print(f"!!! Python {version} IS NOT HERE: nothing was tested on it. Install it with pyenv, or put it on PATH.")
        return 0, 0
    locks = (
        SIDECAR / "tests" / "locks" / f"test-{version}.txt",
        SIDECAR / "locks" / f"sidecar-{version}.txt",
    )
    its_python = environment(uv, version, python, *locks)
    command = [str(its_python), "-m", "pytest", "-W", "ignore::DeprecationWarning"]
    done = subprocess.run(command, cwd=str(SIDECAR), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = done.stdout.decode(errors="replace")
    counts = {what: int(number) for number, what in re.findall(r"(\d+) (passed|failed|skipped|error)", output)}
    failed = counts.get("failed", 0) + counts.get("error", 0)
    if done.returncode and not failed:
        failed = 1  # pytest itself could not run
    if failed:
        print(f"--- Python {version}\n{output}", flush=True)
    line = "Python {}: {} passed, {} failed, {} skipped"
    print(line.format(version, counts.get("passed", 0), failed, counts.get("skipped", 0)), flush=True)
    return counts.get("passed", 0), failed


def lint(uv):
    python = next(filter(None, map(find_python, reversed(VERSIONS))), None)
    if not python:
        print("!!! None of the Pythons from 3.7 to 3.13 IS HERE: nothing was tested. Install one with pyenv.")
        return 0, 1
    tools = environment(uv, "tools", python, SIDECAR / "tests" / "locks" / "tools.txt")
    checks = [
        ("ruff check", "."),
        ("ruff check", "../fuzz"),
        ("ruff format --check", "."),
        ("ruff format --check", "../fuzz"),
        ("mypy", ""),
    ]
    failed = 0
    for check, target in checks:
        command = [str(tools), "-m", *check.split(), *filter(None, [target])]
        done = subprocess.run(command, cwd=str(SIDECAR), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        print("{} {}: {}".format(check, target, "passed" if done.returncode == 0 else "failed"), flush=True)
        if done.returncode:
            failed += 1
            print(done.stdout.decode(), flush=True)
    return 0, failed


if __name__ == "__main__":
    main()
