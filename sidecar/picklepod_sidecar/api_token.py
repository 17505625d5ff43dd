"""What the API is known by."""

from __future__ import annotations

import os
import re
from pathlib import Path

TOKEN = re.compile(rb"[\x21-\x7e]{16,}")


def take_token() -> bytes:
    """Empty where none is set. Out of the environment, so that no child and no artifact's code finds it there."""
    text, file = (os.environ.pop(name, "") for name in ("SIDECAR_TOKEN", "SIDECAR_TOKEN_FILE"))
    if not file:
        return checked(text.encode(), "SIDECAR_TOKEN") if text else b""
    try:
        return checked(Path(file).read_bytes().strip(), f"The file {file} (SIDECAR_TOKEN_FILE)")
    except OSError as error:
        raise ValueError(
            f"SIDECAR_TOKEN_FILE={file} cannot be read ({error.strerror}). Mend the path or its rights."
        ) from error


def checked(token: bytes, what: str) -> bytes:
    if TOKEN.fullmatch(token):
        return token
    raise ValueError(f"{what} is no token: 16 or more visible ASCII characters, such as `openssl rand -hex 32` prints.")
