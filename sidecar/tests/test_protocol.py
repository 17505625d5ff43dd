"""Open Inference Protocol v2, end to end over HTTP."""

from __future__ import annotations

import json
import re
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from running import decoded, tensor

INFER = "/v2/models/small/infer"


def bundle_digest(folder: Path) -> str:
    return json.loads((folder / "bundle.json").read_text(encoding="utf-8"))["digest"]


def proof_rows(folder: Path, count: int) -> Any:
    with np.load(str(folder / "samples" / "proof.npz")) as members:
        return members["numbers"][:count], members["codes"][:count]


def proof_outputs(folder: Path, count: int) -> dict:
    (path,) = (folder / "samples").glob("proof.*.npz")
    with np.load(str(path)) as members:
        return {name: members[name][:count] for name in members.files}


def binary_call(numbers: Any, codes: Any, **parameters: Any) -> Any:
    content = {
        "id": "call-1",
        "parameters": {"binary_data_output": True, **parameters},
        "inputs": [tensor("numbers", numbers), tensor("codes", codes)],
    }
    return content, numbers.tobytes() + codes.tobytes()


@pytest.mark.parametrize("count", [1, 2, 3, 64, 70])
def test_answers_the_references_bits_to_a_binary_call(sidecar: Any, mixed: Path, count: int) -> None:
    content, binary = binary_call(*proof_rows(mixed, count), digest=bundle_digest(mixed), timeout_ms=5000)
    status, answer, raw = sidecar.post(INFER, content, binary)
    assert status == 200
    expected, got = proof_outputs(mixed, count), decoded(answer, raw)
    assert list(got) == ["probability", "scaled", "class", "outcome"]
    assert got["probability"].tobytes() == expected["probability"].tobytes()
    assert got["scaled"].tobytes() == expected["scaled"].tobytes()
    assert got["class"].tolist() == expected["class"].tolist()
    assert got["outcome"] == expected["outcome"].tolist()
    del answer["outputs"]
    digest = {"digest": bundle_digest(mixed)}
    assert answer == {"model_name": "small", "model_version": "1", "id": "call-1", "parameters": digest}


def test_tells_how_long_it_took(sidecar: Any, mixed: Path) -> None:
    """Of a call that is computed on the event loop, and of one whose long JSON goes to the worker."""
    numbers, codes = proof_rows(mixed, 1)
    inputs = [tensor("numbers", numbers), tensor("codes", codes)]
    for each, values in zip(inputs, (numbers, codes)):
        each["data"] = values.ravel().tolist()
        del each["parameters"]
    for blanks in (0, 100_000):
        body = (json.dumps({"inputs": inputs}) + " " * blanks).encode()
        began = time.monotonic()
        status, headers, _ = sidecar.ask("POST", INFER, body)
        milliseconds = (time.monotonic() - began) * 1000
        told = re.fullmatch(r"infer;dur=(\d+\.\d{3})", headers["server-timing"])
        assert status == 200 and told is not None and 0 < float(told.group(1)) < milliseconds


def test_gives_a_row_the_same_bits_in_any_batch_beyond_the_block(sidecar: Any, mixed: Path) -> None:
    numbers, codes = proof_rows(mixed, 70)
    places = np.random.RandomState(3).randint(0, 70, 1000)
    content, binary = binary_call(np.ascontiguousarray(numbers[places]), np.ascontiguousarray(codes[places]))
    _, answer, raw = sidecar.post(INFER, content, binary)
    expected = proof_outputs(mixed, 70)["probability"][places]
    assert decoded(answer, raw)["probability"].tobytes() == expected.tobytes()


@pytest.mark.parametrize("nested", [True, False])
def test_takes_and_gives_json_data(sidecar: Any, mixed: Path, nested: bool) -> None:
    numbers, codes = proof_rows(mixed, 2)
    inputs = [
        {"name": "codes", "datatype": "INT32", "shape": [2, 2], "data": (codes if nested else codes.ravel()).tolist()},
        {
            "name": "numbers",
            "datatype": "FP64",
            "shape": [2, 4],
            "data": (numbers if nested else numbers.ravel()).tolist(),
        },
    ]
    status, answer, _ = sidecar.post(
        INFER, {"inputs": inputs, "outputs": [{"name": "outcome"}, {"name": "probability"}]}
    )
    expected = proof_outputs(mixed, 2)
    assert status == 200
    assert answer["outputs"] == [
        {"name": "outcome", "datatype": "BYTES", "shape": [2], "data": expected["outcome"].tolist()},
        {"name": "probability", "datatype": "FP64", "shape": [2], "data": expected["probability"].tolist()},
    ]
    assert "id" not in answer


def test_keeps_minus_zero_and_subnormal_numbers(sidecar: Any) -> None:
    numbers = np.array([[-0.0], [5e-324], [1.5]])
    content = {"parameters": {"binary_data_output": True}, "inputs": [tensor("numbers", numbers)]}
    _, answer, raw = sidecar.post("/v2/models/touchy/infer", content, numbers.tobytes())
    assert decoded(answer, raw)["double"].tobytes() == np.array([-0.0, 1e-323, 3.0]).tobytes()


def test_has_null_for_what_json_cannot_say(sidecar: Any) -> None:
    inputs = [{"name": "numbers", "datatype": "FP64", "shape": [2, 1], "data": [None, -1.5]}]
    _, answer, _ = sidecar.post("/v2/models/touchy/infer", {"inputs": inputs})
    assert answer["outputs"][0]["data"] == [None, -3.0]


def good() -> Any:
    return binary_call(np.zeros((2, 4)), np.zeros((2, 2), np.int32))


def changed(place: str, value: Any) -> Any:
    content, binary = good()
    target: Any = content
    *path, last = [int(p) if p.isdigit() else p for p in place.split(".")]
    for part in path:
        target = target[part]
    target[last] = value
    return content, binary


BAD = {
    "a shape that lies": changed("inputs.0.shape", [3, 4]),
    "a width that is not the bundle's": changed("inputs.0.shape", [4, 2]),
    "no rows": changed("inputs.0.shape", [0, 4]),
    "a shape of booleans": changed("inputs.0.shape", [True, 4]),
    "a shape that is no list": changed("inputs.0.shape", "2,4"),
    "another datatype": changed("inputs.0.datatype", "FP32"),
    "a size beyond the body": changed("inputs.0.parameters.binary_data_size", 10**9),
    "a negative size": changed("inputs.0.parameters.binary_data_size", -1),
    "a size that is text": changed("inputs.0.parameters.binary_data_size", "64"),
    "a size too small": changed("inputs.1.parameters.binary_data_size", 8),
    "an unknown tensor": changed("inputs.0.name", "numbres"),
    "a tensor twice": changed("inputs.1.name", "numbers"),
    "a tensor that is null": changed("inputs.0", None),
    "no tensors": changed("inputs", []),
    "inputs that are an object": changed("inputs", {}),
    "an unknown output": changed("outputs", [{"name": "nothing"}]),
    "outputs of nonsense": changed("outputs", [7]),
    "parameters that are a list": changed("parameters", [1]),
    "a timeout that is text": changed("parameters.timeout_ms", "soon"),
    "an endless timeout": changed("parameters.timeout_ms", 10**400),
    "an id that is a number": changed("id", 7),
    "a code out of range": binary_call(np.zeros((2, 4)), np.array([[0, 0], [0, 2]], np.int32)),
    "a code below none": binary_call(np.zeros((2, 4)), np.array([[0, 0], [-2, 0]], np.int32)),
    "bytes left over": (good()[0], good()[1] + b"!"),
    "bytes missing": (good()[0], good()[1][:-1]),
}


@pytest.mark.parametrize("what", list(BAD))
def test_refuses_tensors_with(sidecar: Any, what: str) -> None:
    status, answer, _ = sidecar.post(INFER, *BAD[what])
    assert (status, answer["problem"]) == (400, "bad-tensors")
    assert len(answer["error"]) > 10


def test_says_which_code_of_which_row_is_out_of_range(sidecar: Any) -> None:
    _, answer, _ = sidecar.post(INFER, *BAD["a code out of range"])
    assert answer == {"error": "Row 1 has the code 2 for grade. Codes go from -1 to 1.", "problem": "bad-tensors"}


@pytest.mark.parametrize(
    "data", [[[1, 2], [3, 4]], ["1"] * 8, [True] * 8, [1] * 7, 7, None, [10**400] * 8, [[1] * 4, [1] * 3]]
)
def test_refuses_json_data_that_do_not_fit(sidecar: Any, data: Any) -> None:
    inputs = [
        {"name": "numbers", "datatype": "FP64", "shape": [2, 4], "data": data},
        {"name": "codes", "datatype": "INT32", "shape": [2, 2], "data": [0] * 4},
    ]
    status, answer, _ = sidecar.post(INFER, {"inputs": inputs})
    assert (status, answer["problem"]) == (400, "bad-tensors")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"inputs":' + b"[" * 100000, b'{"id":"\\ud800","inputs":[1]}']
)
def test_answers_malformed_bodies(sidecar: Any, body: bytes) -> None:
    status, _, answer = sidecar.ask("POST", INFER, body)
    assert (status, json.loads(answer)["problem"]) == (400, "bad-tensors")


@pytest.mark.parametrize("length", ["0", "-1", "999999999", "abc", "10", "9" * 30])
def test_answers_a_header_length_that_lies(sidecar: Any, length: str) -> None:
    content, binary = good()
    headers = {"Inference-Header-Content-Length": length}
    status, _, answer = sidecar.ask("POST", INFER, json.dumps(content).encode() + binary, headers)
    assert (status, json.loads(answer)["problem"]) == (400, "bad-tensors")


def test_survives_random_bytes(sidecar: Any) -> None:
    random = np.random.RandomState(5)
    content, binary = good()
    header = json.dumps(content).encode()
    for _ in range(100):
        body = bytearray(header + binary)
        for place in random.randint(0, len(header), 3):
            body[place] = random.randint(0, 256)
        status, _, _ = sidecar.ask("POST", INFER, bytes(body), {"Inference-Header-Content-Length": str(len(header))})
        assert status in (200, 400, 409)
    assert sidecar.get("/v2/health/live") == (200, {"live": True})


def test_refuses_a_call_for_another_digest(sidecar: Any, mixed: Path) -> None:
    content, binary = binary_call(np.zeros((1, 4)), np.zeros((1, 2), np.int32), digest="0" * 64)
    status, answer, _ = sidecar.post(INFER, content, binary)
    assert (status, answer["problem"]) == (409, "wrong-digest")
    assert bundle_digest(mixed) in answer["error"]


def test_does_not_compute_a_call_whose_time_has_passed(sidecar: Any) -> None:
    content, binary = binary_call(np.zeros((1, 4)), np.zeros((1, 2), np.int32), timeout_ms=0)
    status, answer, _ = sidecar.post(INFER, content, binary)
    assert (status, answer["problem"]) == (504, "expired")


def touchy_call(number: float, **parameters: Any) -> Any:
    inputs = [{"name": "numbers", "datatype": "FP64", "shape": [1, 1], "data": [number]}]
    return {"inputs": inputs, "parameters": parameters}


def test_answers_health_while_it_computes_and_lets_calls_expire_that_wait(sidecar: Any) -> None:
    slow = threading.Thread(target=sidecar.post, args=("/v2/models/touchy/infer", touchy_call(500)))
    slow.start()
    time.sleep(0.3)
    started = time.monotonic()
    assert sidecar.get("/v2/health/ready")[0] == 200
    assert time.monotonic() - started < 0.3
    status, answer, _ = sidecar.post("/v2/models/touchy/infer", touchy_call(1, timeout_ms=100))
    slow.join()
    assert (status, answer["problem"]) == (504, "expired")


def test_the_wait_for_others_is_no_part_of_what_a_call_took(sidecar: Any) -> None:
    slow = threading.Thread(target=sidecar.post, args=("/v2/models/touchy/infer", touchy_call(500)))
    slow.start()
    time.sleep(0.2)
    began = time.monotonic()
    body = json.dumps(touchy_call(1)).encode()
    status, headers, _ = sidecar.ask("POST", "/v2/models/touchy/infer", body)
    seconds = time.monotonic() - began
    slow.join()
    assert status == 200 and seconds > 0.5
    assert float(headers["server-timing"].split("dur=")[1]) < 300


def test_answers_503_to_more_calls_than_may_wait(sidecar: Any) -> None:
    statuses = []

    def call(number: float) -> None:
        statuses.append(sidecar.post("/v2/models/touchy/infer", touchy_call(number))[0])

    threads = [threading.Thread(target=call, args=(500 if i == 0 else 1,)) for i in range(90)]
    for thread in threads:
        thread.start()
        time.sleep(0.2 if thread is threads[0] else 0)
    for thread in threads:
        thread.join()
    assert set(statuses) == {200, 503} and statuses.count(200) >= 64


def test_says_which_step_failed_and_why(sidecar: Any) -> None:
    status, answer, _ = sidecar.post("/v2/models/touchy/infer", touchy_call(5000))
    sentence = "The step double (predict of model.pkl) failed: ValueError: more than I can take"
    assert (status, answer) == (500, {"error": sentence, "problem": "artifact-failed"})


def test_takes_a_wrong_number_of_rows_for_a_failure(sidecar: Any) -> None:
    status, answer, _ = sidecar.post("/v2/models/touchy/infer", touchy_call(-5000))
    assert (status, answer["problem"]) == (500, "artifact-failed")
    assert "it returned the shape (0,) for 1 rows" in answer["error"]


def test_describes_itself_and_its_models(sidecar: Any, mixed: Path) -> None:
    assert sidecar.get("/v2") == (200, {"name": "picklepod", "version": "1", "extensions": ["binary_tensor_data"]})
    assert sidecar.get("/v2/models/small/ready") == (200, {"name": "small", "ready": True})
    assert sidecar.get("/v2/models/small/versions/1/ready")[0] == 200
    status, metadata = sidecar.get("/v2/models/small/versions/1")
    assert status == 200
    fingerprint, stored = next(iter(json.loads((mixed / "samples" / "fingerprints.json").read_text()).items()))
    used = metadata["process"]
    assert 0 < used["cpu_seconds"] < 600 and 10e6 < used["memory_bytes"] < 4e9
    assert {k: v for k, v in metadata.items() if k not in ("python", "libraries", "process")} == {
        "name": "small",
        "versions": ["1"],
        "platform": "picklepod",
        "inputs": [
            {"name": "numbers", "datatype": "FP64", "shape": [-1, 4]},
            {"name": "codes", "datatype": "INT32", "shape": [-1, 2]},
        ],
        "outputs": [
            {"name": "probability", "datatype": "FP64", "shape": [-1]},
            {"name": "scaled", "datatype": "FP64", "shape": [-1, 4]},
            {"name": "class", "datatype": "INT64", "shape": [-1]},
            {"name": "outcome", "datatype": "BYTES", "shape": [-1]},
        ],
        "digest": bundle_digest(mixed),
        "state": "ready",
        "reason": None,
        "proof": "exact",
        "fingerprint": fingerprint,
        "blocks": stored["blocks"],
        "distances": stored["distances"],
    }


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("GET", "/v2/models/nobody", 404),
        ("GET", "/v2/models/small/versions/2", 404),
        ("POST", "/v2/models/nobody/infer", 404),
        ("GET", "/v2/models/../../etc/passwd", 404),
        ("GET", "/elsewhere", 404),
        ("GET", "/v2/models/small/infer", 405),
        ("POST", "/v2/health/live", 405),
    ],
)
def test_answers_other_paths_and_methods(sidecar: Any, method: str, path: str, status: int) -> None:
    assert sidecar.ask(method, path)[0] == status
