"""How a sidecar starts, speaks, trains and ends."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from models import python_path
from pinned import digest, draft, reference, step, write_bundle
from running import Sidecar, brought_up

TRAIN = """
import argparse, json, pickle, sys
from pathlib import Path
import numpy as np
from sklearn.preprocessing import StandardScaler

parser = argparse.ArgumentParser()
parser.add_argument("--out", type=Path)
out = parser.parse_args().out
rows = np.random.RandomState(0).randn(70, 2)
print("fitting the scaler: 100 %", flush=True)
(out / "scaler.pkl").write_bytes(pickle.dumps(StandardScaler().fit(rows)))
(out / "columns.json").write_text(json.dumps({"numbers": rows.tolist()}))
"""


def slow_call(sidecar: Any, answers: list) -> threading.Thread:
    inputs = [{"name": "numbers", "datatype": "FP64", "shape": [1, 1], "data": [500]}]
    thread = threading.Thread(
        target=lambda: answers.append(sidecar.post("/v2/models/touchy/infer", {"inputs": inputs})[0])
    )
    thread.start()
    time.sleep(0.3)
    return thread


def test_listens_on_the_loopback_alone_and_announces_one_line(mixed: Path) -> None:
    with Sidecar(mixed) as sidecar:
        assert sidecar.listening == {"event": "listening", "port": sidecar.port, "pid": sidecar.process.pid}
        with socket.socket() as elsewhere:  # 127.0.0.2 is another address of the same machine
            assert elsewhere.connect_ex(("127.0.0.2", sidecar.port)) != 0
        sidecar.wait_until_ready()
        sidecar.process.send_signal(signal.SIGTERM)
        out, err = sidecar.process.communicate()
    assert out == ""
    events = [json.loads(line) for line in err.splitlines()]
    assert [event["event"] for event in events if event["level"] == "info"] == ["proof"]


def test_sigterm_lets_a_running_call_finish(raising: Path) -> None:
    with Sidecar(raising) as sidecar:
        sidecar.wait_until_ready()
        answers: list = []
        call = slow_call(sidecar, answers)
        started = time.monotonic()
        sidecar.process.send_signal(signal.SIGTERM)
        assert sidecar.process.wait(10) == 0
        assert time.monotonic() - started < 5
        call.join()
    assert answers == [200]


def test_ends_with_its_stdin_even_while_it_computes(raising: Path) -> None:
    with Sidecar(raising, options=["--exit-with-stdin"]) as sidecar:
        sidecar.wait_until_ready()
        failures: list = []
        thread = threading.Thread(target=ignore_reset, args=(sidecar, failures))
        thread.start()
        time.sleep(0.3)
        started = time.monotonic()
        sidecar.process.stdin.close()
        assert sidecar.process.wait(10) == 0
        assert time.monotonic() - started < 0.5
        thread.join()
        sidecar.process.stdin = None


def ignore_reset(sidecar: Any, failures: list) -> None:
    try:
        slow_call(sidecar, failures).join()
    except OSError:
        pass


def test_says_that_a_port_is_in_use(mixed: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "picklepod_sidecar", "--bundle", str(mixed), "--port", port]
        environment = {**os.environ, "PYTHONPATH": python_path()}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    text = f"The port {port} cannot be had (Address already in use). Free it, or choose another."
    assert done.returncode == 1
    assert json.loads(done.stderr) == {"level": "error", "event": "port", "text": text}


def bundle_to_train(folder: Path, script: str = TRAIN) -> dict:
    folder.mkdir()
    (folder / "train.py").write_text(script)
    steps = [step("transform", "scaled", "scaler", columns=["a", "b"])]
    bundle = {**draft(steps, ["scaled"], numbers=["a", "b"]), "artifacts": "trained", "tensors": "trained"}
    write_bundle(folder, bundle)
    return bundle


def test_trains_at_the_first_start_and_never_again(tmp_path: Path) -> None:
    bundle = bundle_to_train(tmp_path / "bundle")
    first = brought_up(tmp_path / "bundle", state_dir=tmp_path / "state")
    assert (first["state"], first["proof"]) == ("ready", "exact"), first["reason"]
    state = tmp_path / "state" / "small"
    assert sorted(path.name for path in state.iterdir()) == ["samples", "scaler.pkl", "trained.json"]
    assert first["digest"] == digest({**bundle, **json.loads((state / "trained.json").read_text())})
    (tmp_path / "bundle" / "train.py").write_text("raise SystemExit('trained again')")
    assert brought_up(tmp_path / "bundle", state_dir=tmp_path / "state")["digest"] == first["digest"]


def test_trains_what_the_bundles_own_code_defines(tmp_path: Path) -> None:
    script = TRAIN.replace("StandardScaler()", "Halved()").replace("import", "from halving import Halved\nimport", 1)
    bundle = bundle_to_train(tmp_path / "bundle", script)
    module = b"""class Halved:
    n_features_in_ = 2

    def fit(self, rows):
        return self

    def transform(self, rows):
        return rows / 2
"""
    (tmp_path / "bundle" / "halving.py").write_bytes(module)
    pin = {"file": "halving.py", "sha256": hashlib.sha256(module).hexdigest(), "size": len(module)}
    write_bundle(tmp_path / "bundle", {**bundle, "code": {"halving": pin}})
    metadata = brought_up(tmp_path / "bundle", state_dir=tmp_path / "state")
    assert (metadata["state"], metadata["proof"]) == ("ready", "exact"), metadata["reason"]


def test_a_trained_bundle_finds_its_rules_on_an_unknown_machine(tmp_path: Path) -> None:
    bundle_to_train(tmp_path / "bundle")
    state = tmp_path / "state" / "small"
    assert reference("train", "--bundle", tmp_path / "bundle", "--state", state).returncode == 0
    path = state / "samples" / "fingerprints.json"
    path.write_text(json.dumps({"elsewhere": entry for entry in json.loads(path.read_text()).values()}))
    metadata = brought_up(tmp_path / "bundle", state_dir=tmp_path / "state")
    assert metadata["proof"] == "other-kernel", metadata["reason"]


def test_training_that_fails_leaves_nothing_and_says_why(tmp_path: Path) -> None:
    bundle_to_train(tmp_path / "bundle", "raise SystemExit('the data are not here')")
    metadata = brought_up(tmp_path / "bundle", state_dir=tmp_path / "state")
    assert metadata["state"] == "failed" and "train" in metadata["reason"]
    assert list((tmp_path / "state").iterdir()) == []


def test_training_needs_a_place(tmp_path: Path) -> None:
    bundle_to_train(tmp_path / "bundle")
    reason = brought_up(tmp_path / "bundle")["reason"]
    assert reason == "small is trained at its first start, and has no place for that. Give --state-dir."


def test_the_file_that_says_it_is_alive_is_renewed_from_inside_of_the_box(mixed: Path, tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    alive.touch()
    os.utime(str(alive), (0, 0))
    with Sidecar(mixed, options=["--alive-file", alive]) as sidecar:
        sidecar.wait_until_ready()
        assert time.time() - alive.stat().st_mtime < 60
