"""All that closes a process in which artifacts are loaded for the first time, and what of it could not be had."""

from __future__ import annotations

from pathlib import Path
from typing import Iterable, List, NamedTuple

from .closed import close_in
from .files import OF_EVERYBODY, write_only_in
from .limits import end_with_parent, limit


class Bounds(NamedTuple):
    memory: int
    seconds: int
    file_bytes: int


class Open(NamedTuple):
    """What is not closed: why, or None where it is."""

    calls: str | None
    files: str | None
    limits: List[str]  # what is not limited

    def ways(self) -> List[str]:
        """What that lets an artifact do."""
        return [
            *([] if self.calls is None else [f"it can run programs and reach the network ({self.calls})"]),
            *([] if self.files is None else [f"it can write wherever you can ({self.files})"]),
            *unlimited(self.limits),
        ]


def enclose(bounds: Bounds, folders: Iterable[Path]) -> Open:
    """For good. It can write in these folders alone, and has the limits of `limits.py`."""
    end_with_parent()
    limits = limit(*bounds)
    files = write_only_in([*folders, *OF_EVERYBODY])
    return Open(close_in(), files, limits)


def unlimited(limits: List[str]) -> List[str]:
    return [f"nothing limits its {', '.join(limits)}"] if limits else []
