"""A sidecar in a process of its own, and a client that speaks the protocol by hand."""

from __future__ import annotations

import http.client
import json
import os
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from models import python_path

from picklepod_sidecar.app import App
from picklepod_sidecar.child import start_launcher
from picklepod_sidecar.metadata import metadata
from picklepod_sidecar.served import Served


class Sidecar:
    def __init__(self, *bundles: Path, options: Any = (), **environment: str):
        folders = [argument for bundle in bundles for argument in ("--bundle", str(bundle))]
        command = [sys.executable, "-m", "picklepod_sidecar", *folders, "--port", "0", *map(str, options)]
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": python_path(), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        self.listening = json.loads(line)
        self.port = self.listening["port"]

    def __enter__(self) -> Sidecar:
        return self

    def __exit__(self, *_: Any) -> None:
        self.process.kill()
        self.process.communicate()

    def ask(self, method: str, path: str, body: bytes = b"", headers: Any = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        status, _, body = self.ask("GET", path)
        return status, json.loads(body)

    def post(self, path: str, content: Any, binary: bytes = b"", **headers: str) -> Any:
        header = json.dumps(content).encode()
        sent = {"Inference-Header-Content-Length": str(len(header)), **headers} if binary or headers else {}
        status, received, body = self.ask("POST", path, header + binary, sent)
        length = int(received.get("inference-header-content-length", len(body)))
        return status, json.loads(body[:length]), body[length:]

    def wait_until_ready(self) -> Sidecar:
        end = time.monotonic() + 60
        while self.get("/v2/health/ready")[0] != 200:
            assert time.monotonic() < end, "the sidecar is not ready after a minute"
            time.sleep(0.05)
        return self


def brought_up(*folders: Path, state_dir: Any = None, name: str = "small", tried: bool = True) -> Any:
    """Metadata of a bundle, brought up in this very process, as a sidecar does it. `tried`: it passed its trial."""
    app = App([Served(folder, state_dir, tried) for folder in folders])
    start_launcher(app.bundles, state_dir)
    app.bring_up()
    return metadata(app.find(name, None))


def brought_up_elsewhere(folder: Path, **environment: str) -> Any:
    with Sidecar(folder, **environment) as running:
        return running.wait_until_ready().get("/v2/models/small")[1]


def tensor(name: str, array: Any) -> dict:
    datatype = {"float64": "FP64", "int32": "INT32"}[array.dtype.name]
    shape = list(array.shape)
    return {"name": name, "datatype": datatype, "shape": shape, "parameters": {"binary_data_size": array.nbytes}}


def text_tensor(name: str, texts: list) -> Any:
    raw = b"".join(struct.pack("<I", len(t.encode())) + t.encode() for t in texts)
    parameters = {"binary_data_size": len(raw)}
    return {"name": name, "datatype": "BYTES", "shape": [len(texts)], "parameters": parameters}, raw


def decoded(answer: dict, binary: bytes) -> dict:
    outputs = {}
    for output in answer["outputs"]:
        size = output["parameters"]["binary_data_size"]
        raw, binary = binary[:size], binary[size:]
        outputs[output["name"]] = from_bytes(output, raw)
    assert binary == b""
    return outputs


def from_bytes(output: dict, raw: bytes) -> Any:
    types = {"FP64": "<f8", "FP32": "<f4", "INT64": "<i8", "INT32": "<i4", "BOOL": "?"}
    if output["datatype"] in types:
        return np.frombuffer(raw, types[output["datatype"]]).reshape(output["shape"])
    texts = []
    while raw:
        (length,) = struct.unpack_from("<I", raw)
        texts.append(raw[4 : 4 + length].decode())
        raw = raw[4 + length :]
    return texts
