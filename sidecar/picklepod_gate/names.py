"""The lists of names: what is honest, and what is known for harm."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, FrozenSet, Iterator, Tuple

from .things import Global

HERE = Path(__file__).resolve().parent
OWN_CODE = {"class": "own", "constructor": "any", "value": "wrapped"}
Kinds = Dict[str, str]


def lines_of(file: str) -> Iterator[str]:
    for line in (HERE / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def read_honest() -> Dict[Tuple[str, str], Kinds]:
    honest: Dict[Tuple[str, str], Kinds] = {}
    for line in lines_of("honest.txt"):
        kind, module, name, rule = (line + " ").split(" ")[:4]
        honest.setdefault((module, name), {})[kind] = rule
    return honest


HONEST = read_honest()
DANGEROUS = frozenset(lines_of("dangerous.txt"))


def is_honest(module: str, name: str) -> bool:
    return (module, name) in HONEST


def resolve(module: str, name: str, own: FrozenSet[str]) -> Global:
    if module in own and "." not in name:
        return Global(module, name, OWN_CODE, None)
    kinds = HONEST.get((module, name))
    if kinds is not None:
        return Global(module, name, kinds, None)
    return Global(module, name, {}, fault_of(module, name))


def fault_of(module: str, name: str) -> str:
    """For the better sentence; every fault refuses alike."""
    parts = module.split(".")
    packages = {".".join(parts[: length + 1]) for length in range(len(parts))}
    if "." not in name and (packages & DANGEROUS or f"{module}.{name}" in DANGEROUS):
        return "dangerous-global"
    return "dotted-name" if "." in name or name in DANGEROUS else "unknown-global"
