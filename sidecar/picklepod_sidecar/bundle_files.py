"""Files of a bundle: bundle.json names them, and may name none outside of the bundle's folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .problems import Refusal

PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


def file_in(folder: Path, name: Any) -> Path:
    if not isinstance(name, str) or not PLAIN_NAME.fullmatch(name):
        raise Refusal(
            f"bundle.json names the file {name!r}, which is not the plain name of a file in the bundle's folder. "
            "It is generated: put the file there, name it in model.yaml, and run `picklepod pin` on the bundle."
        )
    return folder / name
