"""JSON whose floats read back to the same bits: repr for numbers, null for NaN, 1e999 for infinity."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any


def dumps(value: Any, indent: str = "") -> str:
    deeper = indent + "  "
    if isinstance(value, dict):
        members = [f"{deeper}{text(str(key))}: {dumps(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(members) + "\n" + indent + "}" if members else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(dumps(item, deeper) for item in value) + "]"
    return number(value) if isinstance(value, float) else text(value)


def text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def number(value: float) -> str:
    if math.isnan(value):
        return "null"
    return repr(value) if math.isfinite(value) else ("1e999" if value > 0 else "-1e999")


def write(path: Path, value: Any) -> None:
    path.write_text(dumps(value) + "\n", encoding="utf-8")


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
