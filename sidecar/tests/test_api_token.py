"""Who knows no token is told that it lives, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from running import Sidecar

from picklepod_sidecar.api_token import take_token

TOKEN = "0123456789abcdef-none-but-its-api"
KNOWN = {"Authorization": f"Bearer {TOKEN}"}
HEALTH = ["/v2", "/v2/health/live", "/v2/health/ready"]
GUARDED = [
    ("GET", "/v2/models/small"),
    ("GET", "/v2/models/small/ready"),
    ("POST", "/v2/models/small/infer"),
    ("POST", "/v2/models/small%2finfer"),
    ("GET", "/anything"),
]


@pytest.fixture(scope="module")
def sidecar(mixed: Path) -> Any:
    with Sidecar(mixed, SIDECAR_TOKEN=TOKEN) as running:
        yield running.wait_until_ready()


@pytest.mark.parametrize("path", HEALTH)
def test_health_is_told_to_everybody(sidecar: Sidecar, path: str) -> None:
    assert sidecar.get(path)[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"bearer {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
    ],
)
@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_everything_else_needs_the_token(sidecar: Sidecar, method: str, path: str, headers: Any) -> None:
    status, received, body = sidecar.ask(method, path, b"", headers)
    assert (status, received["www-authenticate"], b"SIDECAR_TOKEN" in body) == (401, "Bearer", True)
    assert TOKEN.encode() not in body


def test_who_knows_it_is_answered(sidecar: Sidecar) -> None:
    assert sidecar.ask("GET", "/v2/models/small", b"", KNOWN)[0] == 200
    assert sidecar.ask("POST", "/v2/models/small/infer", b"{}", KNOWN)[0] == 400


def test_a_file_is_read_without_the_blanks_around_it(mixed: Path, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    with Sidecar(mixed, SIDECAR_TOKEN_FILE=str(file)) as running:
        running.wait_until_ready()
        assert running.ask("GET", "/v2/models/small")[0] == 401
        assert running.ask("GET", "/v2/models/small", b"", KNOWN)[0] == 200


def test_it_leaves_the_environment(monkeypatch: Any) -> None:
    monkeypatch.setenv("SIDECAR_TOKEN", TOKEN)
    monkeypatch.setenv("SIDECAR_TOKEN_FILE", "")
    assert take_token() == TOKEN.encode()
    assert not {"SIDECAR_TOKEN", "SIDECAR_TOKEN_FILE"} & set(os.environ)
    assert take_token() == b""


@pytest.mark.parametrize("content", [b"short", b"with a blank in between", b"", "übermäßig lang genug".encode()])
def test_what_is_no_token_ends_the_start_without_being_told(monkeypatch: Any, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    monkeypatch.setenv("SIDECAR_TOKEN_FILE", str(file))
    with pytest.raises(ValueError, match=r"16 or more visible ASCII characters") as refused:
        take_token()
    assert content == b"" or content.decode() not in str(refused.value)


def test_a_file_that_is_not_there_is_named(monkeypatch: Any) -> None:
    monkeypatch.setenv("SIDECAR_TOKEN_FILE", "/nowhere/token")
    with pytest.raises(ValueError, match=r"^SIDECAR_TOKEN_FILE=/nowhere/token cannot be read \(No such file"):
        take_token()
