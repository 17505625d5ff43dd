"""A bundle as this package needs it: what bundle.json (or a draft of it) says, with its artifacts loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import exact_json, loading
from .fault import Fault
from .own_modules import file_in, load_code
from .single_thread import use_one_thread


class Bundle:
    def __init__(self, described: dict[str, Any], folder: Path, samples: Path, code_folder: Path | None = None):
        self.name: str = described["name"]
        self.inputs: dict[str, Any] = described["inputs"]
        self.steps: list[dict[str, Any]] = described["steps"]
        self.outputs: list[dict[str, Any]] = described["outputs"]
        self.limit: int = described["limits"]["block"]
        self.samples = samples
        self.notes: list[str] = []  # what a person should look at, though nothing failed
        pinned = described.get("artifacts") or {}
        self.code = load_code(described, code_folder or folder)
        self.files = {name: self.load(folder, name, pinned) for name in sorted(files_in(self.steps))}

    def load(self, folder: Path, name: str, pinned: dict[str, Any]) -> loading.Loaded:
        loaded = loading.load(file_in(folder, name), pinned.get(name, {}).get("sha256"), self.code)
        use_one_thread(loaded.value)
        return loaded

    def artifact(self, reference: dict[str, Any]) -> Any:
        value = self.files[reference["file"]].value
        for key in reference.get("key") or []:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                raise Fault(f"{reference['file']} holds nothing under the key {key!r}. Mend `key`.") from None
        return value

    def pins(self) -> dict[str, Any]:
        return {name: loaded.pin for name, loaded in self.files.items()}


def read(folder: Path, state: Path | None = None) -> Bundle:
    """A pinned bundle; a trained one has its artifacts, pins and samples in `state`."""
    described = exact_json.read(folder / "bundle.json")
    if described.get("artifacts") != "trained":
        return Bundle(described, folder, folder / "samples")
    if state is None or not (state / "trained.json").exists():
        raise Fault(f"{described['name']} has not been trained yet. Train it first, and give --state its folder.")
    return Bundle({**described, **exact_json.read(state / "trained.json")}, state, state / "samples", folder)


def files_in(steps: list[dict[str, Any]]) -> set[str]:
    members = [step.get(member) for step in steps for member in ("artifact", "columns", "value")]
    members += [encoder["artifact"] for step in steps for encoder in step.get("encoders", [])]
    return {member["file"] for member in members if isinstance(member, dict)}
