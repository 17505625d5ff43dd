"""Gate 5 and the end of gate 4: what a process may do that holds artifacts, and what becomes of one that crashes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from models import python_path, raising_bundle
from pinned import write_bundle
from prying import add_code, prying_bundle
from running import Sidecar, brought_up
from test_lifecycle import bundle_to_train

from picklepod_sidecar import child
from picklepod_sidecar.app import App
from picklepod_sidecar.child import start_launcher
from picklepod_sidecar.launcher import command
from picklepod_sidecar.served import Served

HERE = Path(__file__).resolve().parent
REFUSED = {
    **dict.fromkeys(("run a program", "become a program", "fork", "connect", "send a datagram"), "EPERM"),
    **dict.fromkeys(("open a Unix socket", "set up io_uring", "trace", "make a namespace"), "EPERM"),
    **dict.fromkeys(("end another process", "end all processes", "end a thread of another"), "EPERM"),
    **dict.fromkeys(("end by the number of a thread", "queue a signal", "signal by a file"), "EPERM"),
    **dict.fromkeys(("let a file signal another", "limit another process", "type into a terminal"), "EPERM"),
    **dict.fromkeys(("change a mode", "change an open file's mode", "change an owner", "change a time"), "EPERM"),
    **dict.fromkeys(("change an attribute", "empty a file by name", "empty a file by reading"), "EPERM"),
    **dict.fromkeys(("empty a file by no access", "pair sockets of datagrams"), "EPERM"),
    **dict.fromkeys(("call as x32 does", "open by what no filter sees"), "ENOSYS"),
    "change a file of Python's": "EACCES",
    **dict.fromkeys(("pair sockets of streams", "signal oneself", "start a thread"), "done"),
}
ENVIRONMENT = {**os.environ, "PYTHONPATH": python_path()}
pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.uname().machine != "x86_64", reason="the numbers are of Linux on x86-64"
)


@pytest.fixture
def a_port() -> Any:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield listening.getsockname()[1]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return raising_bundle(tmp_path / "bundle")


def tried(*arguments: Any) -> Any:
    command = [sys.executable, str(HERE / "attempts.py"), *map(str, arguments)]
    return json.loads(subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, check=True).stdout)


def test_a_process_that_is_closed_in_can_do_nothing_but_compute(a_port: int) -> None:
    assert tried(a_port) == REFUSED


def test_one_that_is_not_could_do_it(a_port: int) -> None:
    free = tried(a_port, "open")
    assert {name for name, what in free.items() if what == "done"} >= {"run a program", "fork", "connect"}
    assert (free["become a program"], free["open a Unix socket"]) == ("ENOENT", "done")
    assert {name for name, what in free.items() if what == "EPERM"} == set()


def test_the_sidecar_itself_is_closed_in_when_it_runs_a_bundles_code(tmp_path: Path, a_port: int) -> None:
    bundle = prying_bundle(tmp_path / "bundle", a_port)
    with Sidecar(bundle) as sidecar:
        assert sidecar.wait_until_ready().get("/v2/models/touchy")[1]["state"] == "ready"
        limits = Path(f"/proc/{sidecar.process.pid}/limits").read_text()
        status = Path(f"/proc/{sidecar.process.pid}/status").read_text()
        sidecar.process.send_signal(signal.SIGTERM)
        _, err = sidecar.process.communicate()
    told = [json.loads(line) for line in err.splitlines()]
    assert [event["all"] for event in told if event["event"] == "tried"] == [REFUSED]
    assert re.search(r"Max core file size\s+0\s+0", limits)
    assert "NoNewPrivs:\t1" in status and "Seccomp:\t2" in status


# What api/src/cli/tools.ts starts `pin` and `describe` by. own-pickle.test.ts does it from there.
TOOLS = ["-m", "picklepod_box", str(32 << 30), str(4 * 3600), str(8 << 30)]


def by_the_tools(work: Path, *words: Any, environment: Any = ()) -> Any:
    command = [sys.executable, *TOOLS, str(work), "--", *map(str, words)]
    variables = {**ENVIRONMENT, "TMPDIR": str(work), **dict(environment)}
    return subprocess.run(command, cwd="/", env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_what_the_tools_start_writes_in_its_own_folder_alone(tmp_path: Path, a_port: int) -> None:
    home, work = tmp_path / "home", tmp_path / "work"
    for folder in (home, work):
        folder.mkdir()
    files = {"~/x": "EACCES", str(tmp_path / "x"): "EACCES", str(work / "x"): "done", "/dev/null": "done"}
    done = by_the_tools(work, "attempts", a_port, "open", *files, environment={"HOME": str(home)})
    assert (json.loads(done.stdout), done.stderr) == ({**REFUSED, **files}, b"")
    assert list(home.iterdir()) == []


def test_the_tools_verbs_do_all_that_they_are_for_in_there(bundle: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    drafted = {**json.loads((bundle / "bundle.json").read_text()), "artifacts": {}}
    (work / "draft.json").write_text(json.dumps(drafted))
    (work / "request.json").write_text(json.dumps({"drafts": {"x": drafted}, "places": [], "columns": ROW}))
    paths = ["--draft", work / "draft.json", "--folder", bundle, "--columns", bundle / "work" / "columns.json"]
    pinned = by_the_tools(work, "picklepod_reference", "pin", *paths, "--out", work / "out")
    assert (pinned.returncode, pinned.stderr) == (0, b"")
    assert {"proof.npz", "fingerprints.json", "description.json"} <= {path.name for path in (work / "out").iterdir()}
    paths = ["--folder", bundle, "--request", work / "request.json", "--out", work / "facts.json"]
    assert by_the_tools(work, "picklepod_reference", "describe", *paths).returncode == 0
    assert json.loads((work / "facts.json").read_text())["tried"]["x"]["double"]["shape"] == [1]


ROW = {"numbers": [[1.0]]}
NO_BOX = """
import resource, runpy
import picklepod_box.closed, picklepod_box.files
picklepod_box.closed.CALLS.clear()
picklepod_box.files.CREATE = 100_000
able = resource.setrlimit
def unable(which, bounds):
    if which == resource.RLIMIT_AS:
        raise ValueError("not here")
    able(which, bounds)
resource.setrlimit = unable
runpy.run_module("picklepod_box", run_name="__main__", alter_sys=True)
"""


def test_where_there_is_no_box_the_tools_say_what_is_open(tmp_path: Path) -> None:
    (tmp_path / "answering.py").write_text("print('the answer')\n")
    environment = {**ENVIRONMENT, "PYTHONPATH": os.pathsep.join([str(tmp_path), python_path()])}
    command = [sys.executable, "-c", NO_BOX, *TOOLS[2:], str(tmp_path), "--", "answering"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    assert (done.returncode, done.stdout) == (0, "the answer\n")
    assert done.stderr == (
        "NOTE: What the artifacts run is not wholly closed in on this machine: it can run programs and reach the "
        "network (there is no filter of system calls for linux on x86_64); it can write wherever you can (the kernel "
        "does not offer it (Function not implemented)); nothing limits its memory. "
        "Go on only where you trust them, or on Linux 5.13 or newer, on x86-64 or ARM64.\n"
    )


CRASHES = {
    "SIGSEGV": "import ctypes\nctypes.string_at(0)",
    "SIGABRT": "import os\nos.abort()",
    "took more time or memory": "import os\nos.kill(os.getpid(), 9)",
    "ended it with status 7. Its last line: gone": "import os\nprint('gone', flush=True)\nos._exit(7)",
    "MemoryError": "bytearray(64 << 30)",
    "ZeroDivisionError": "Touchy.predict = lambda self, rows: 1 / 0",
    "Its last line: " + "x" * 400: "import os\nos.write(1, b'x' * (3 << 20))\nos._exit(7)",
    "OSError: [Errno 24]": "kept = [open('/dev/null') for _ in range(600)]",
    "File too large": "open('/tmp/picklepod-test-large', 'wb').truncate(1 << 30)",
}


@pytest.mark.parametrize("said", list(CRASHES))
def test_a_bundle_that_ends_its_process_or_wants_too_much_fails_its_trial(bundle: Path, said: str) -> None:
    add_code(bundle, CRASHES[said])
    metadata = brought_up(bundle, name="touchy", tried=False)
    assert metadata["state"] == "failed" and said in metadata["reason"]


def test_the_sidecar_lives_on_and_serves_the_other_bundles(mixed: Path, bundle: Path, tmp_path: Path) -> None:
    add_code(bundle, CRASHES["SIGSEGV"])
    with Sidecar(bundle, mixed, options=["--state-dir", tmp_path / "state"]) as sidecar:
        sidecar.wait_until_ready()
        failed, other = sidecar.get("/v2/models/touchy")[1], sidecar.get("/v2/models/small")[1]
        assert (failed["state"], other["state"]) == ("failed", "ready")
        assert failed["reason"] == (
            "touchy was loaded and proved in a process of its own first, since this machine does not know it yet, and "
            "crashed it (SIGSEGV). Do not trust its artifacts; train and save them again if they are yours."
        )
    assert [path.name[:64] for path in (tmp_path / "state" / "trials").iterdir()] == [other["digest"]]


def test_endless_computing_ends_at_its_limit(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text("while True: pass\n")
    words = [sys.executable, "-m", "picklepod_box", str(1 << 32), "1", "0", "--", "endless"]
    environment = {**ENVIRONMENT, "PYTHONPATH": os.pathsep.join([str(tmp_path), python_path()])}
    assert subprocess.run(words, env=environment, timeout=30).returncode == -signal.SIGXCPU


def test_the_trial_is_held_once_a_bundle_and_machine(bundle: Path, tmp_path: Path) -> None:
    loads = tmp_path / "loads"
    add_code(bundle, f"import os\nopen({str(loads)!r}, 'a').write(os.environ.get('X', '') + '+')\n")
    counted = []
    for _ in range(2):
        with Sidecar(bundle, options=["--state-dir", tmp_path / "state"]) as sidecar:
            assert sidecar.wait_until_ready().get("/v2/models/touchy")[1]["state"] == "ready"
        counted.append(loads.read_text())
    assert counted == ["++", "+++"]


def test_a_trial_says_where_a_proof_fails(bundle: Path) -> None:
    path = next((bundle / "samples").glob("proof.*.npz"))
    path.write_bytes(path.read_bytes()[:100])
    with Sidecar(bundle) as sidecar:
        metadata = sidecar.wait_until_ready().get("/v2/models/touchy")[1]
    assert (metadata["state"], metadata["proof"]) == ("failed", "failed")
    assert metadata["reason"].startswith(f"{path} cannot be read")


def of_another_machine(bundle: Path) -> None:
    known = bundle / "samples" / "fingerprints.json"
    known.write_text(json.dumps({"elsewhere": entry for entry in json.loads(known.read_text()).values()}))


def repinned(bundle: Path, content: bytes) -> None:
    (bundle / "model.pkl").write_bytes(content)
    described = json.loads((bundle / "bundle.json").read_text())
    described["artifacts"]["model.pkl"].update(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    write_bundle(bundle, described)


def test_what_a_machine_does_not_know_is_scanned_elsewhere_and_refused_in_the_same_words(
    bundle: Path, monkeypatch: Any
) -> None:
    known = brought_up(bundle, name="touchy", tried=False)
    of_another_machine(bundle)
    monkeypatch.setattr("picklepod_sidecar.bundle.scanned", lambda *_: pytest.fail("scanned in the sidecar itself"))
    assert (known["state"], brought_up(bundle, name="touchy", tried=False)["state"]) == ("ready", "ready")
    repinned(bundle, b"cposix\nsystem\n(S'true'\ntR.")
    metadata = brought_up(bundle, name="touchy", tried=False)
    assert (metadata["state"], metadata["proof"]) == ("failed", None)
    assert metadata["reason"].startswith("model.pkl was not loaded, and nothing in it was run. It asks for posix.")


def test_a_pickle_that_takes_the_memory_of_who_scans_it_ends_no_sidecar(bundle: Path) -> None:
    of_another_machine(bundle)
    repinned(bundle, b"\x80\x02" + b"]" * 2_500_000 + b".")  # a list each, all kept until the end
    app = App([Served(bundle, None)])
    start_launcher(app.bundles, None)
    little = (200 << 20, 200 << 20)  # in place of 4 GB, which a larger one would take
    resource.prlimit(child._launcher.pid, resource.RLIMIT_AS, little)
    app.bring_up()
    # a Python that needs less for a list comes to the bound of the scan itself
    of_memory = (
        "touchy was looked through in a process of its own, before any of it is loaded, and took more time or memory "
    )
    of_scan = (
        "model.pkl was not loaded, and nothing in it was run. It makes more than 1125000 things out of almost nothing."
    )
    assert app.bundles[0].state == "failed"
    assert str(app.bundles[0].reason).startswith((of_memory, of_scan))


def test_nothing_that_it_started_outlives_it(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    script = f"import os, time\nopen({str(noted)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    bundle_to_train(tmp_path / "bundle", script)
    with Sidecar(tmp_path / "bundle", options=["--state-dir", tmp_path / "state"]) as sidecar:
        wait_until(lambda: noted.exists() and noted.read_text() != "")
        trains = Path(f"/proc/{noted.read_text()}")
        assert trains.exists()
        sidecar.process.kill()
        wait_until(lambda: not is_alive(trains))


def test_when_all_is_up_no_other_process_is_left(bundle: Path) -> None:
    with Sidecar(bundle) as sidecar:
        sidecar.wait_until_ready()
        children = Path(f"/proc/{sidecar.process.pid}/task/{sidecar.process.pid}/children")
        wait_until(lambda: children.read_text() == "")


def wait_until(is_so: Any) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end, "not within 10 s"
        time.sleep(0.02)


def is_alive(process: Path) -> bool:
    try:
        return ") Z " not in (process / "stat").read_text()
    except OSError:
        return False


def test_the_launcher_runs_nothing_but_what_it_is_for() -> None:
    training = ["--bundle", "/here", "--state", "/state/small"]
    allowed = {"train": [training, []], "state": "/state"}
    refused = [["--bundle", "/elsewhere", *training[2:]], [*training[:3], "/"], [*training, "--more"], []]
    for arguments in refused:
        with pytest.raises(ValueError, match="is none of the bundles that train"):
            command({"verb": "train", "arguments": arguments, "bytes": 0}, allowed)
    with pytest.raises(KeyError):
        command({"verb": "sh", "arguments": [], "bytes": 0}, allowed)
    search = command({"verb": "search", "arguments": ["--bundle", "/here"], "bytes": 0}, allowed)
    trial = command({"verb": "trial", "arguments": ["/here", "/"], "bytes": 0}, allowed)
    assert search[1:3] == trial[1:3] == ["-m", "picklepod_sidecar.box"]
    assert search[6:] == ["", "picklepod_reference", "search", "--bundle", "/here"]
    assert trial[6:] == ["/state", "picklepod_sidecar.trial", "/here", "/"]


def test_nothing_is_run_of_a_bundle_that_it_was_not_started_for(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    script = f"open({str(ran)!r}, 'w').close()\nraise SystemExit('as far as this')\n"
    digest = write_and_read(tmp_path / "bundle", script)
    other = "0" * 64
    reason = started_for(tmp_path, other)
    assert reason == (
        f"{tmp_path / 'bundle'} holds the bundle {digest} by now, and this sidecar was started for {other}. "
        "Nothing of it was run. Reload, so that the server reads it as it is now."
    )
    assert not ran.exists()
    assert "train` ended with status 1" in started_for(tmp_path, digest)
    assert ran.exists()


def write_and_read(folder: Path, script: str) -> Any:
    bundle_to_train(folder, script)
    return json.loads((folder / "bundle.json").read_text())["digest"]


def started_for(place: Path, digest: str) -> Any:
    with Sidecar(f"{place / 'bundle'}={digest}", options=["--state-dir", place / "state"]) as sidecar:
        return sidecar.wait_until_ready().get("/v2/models/small")[1]["reason"]


WRITES = """
import os
def write(path):
    try:
        open(path, 'w').close()
        return 'done'
    except OSError as error:
        return type(error).__name__
told = open(os.environ['TMPDIR'] + '/told', 'a')
told.write(' '.join(write(os.path.join(STATE, path)) for path in PATHS) + '\\n')
told.close()
"""


def test_what_a_sidecar_is_started_again_from_it_may_not_write(bundle: Path, tmp_path: Path) -> None:
    state, temporary = tmp_path / "state", tmp_path / "temporary"
    for folder in (temporary, state / "kept-bundles", state / "small"):
        folder.mkdir(parents=True)
    paths = ["bundle.json", "kept-bundles/bundle.json", "small/trained.json", "../bundle/bundle.json", "trials/x"]
    add_code(bundle, WRITES.replace("STATE", repr(str(state))).replace("PATHS", repr(paths)))
    of_another_machine(bundle)
    with Sidecar(bundle, options=["--state-dir", state], TMPDIR=str(temporary)) as sidecar:
        assert sidecar.wait_until_ready().get("/v2/models/touchy")[1]["state"] == "ready"
    search, trial, serving = (line.split() for line in (temporary / "told").read_text().splitlines())
    refused = ["PermissionError"] * 4
    assert (search, trial, serving) == ([*refused, "PermissionError"], [*refused, "done"], [*refused, "done"])
    assert sorted(path.suffix for path in (state / "proofs").iterdir()) == [".json", ".npz"]
