"""bundle.json as read and checked, and its artifacts, loaded once each."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

from .bundle_files import file_in
from .code_modules import load_code
from .environment import check_environment
from .problems import Refusal
from .single_thread import use_one_thread
from .unpickle import load_artifact, scanned


class Bundle:
    def __init__(self, described: dict[str, Any], folder: Path, samples: list[Path]):
        self.described = described
        self.name: str = described["name"]
        self.version: str = described["version"]
        self.digest: str = described["digest"]
        self.inputs: dict[str, Any] = described["inputs"]
        self.steps: list[dict[str, Any]] = described["steps"]
        self.outputs: list[dict[str, Any]] = described["outputs"]
        self.tensors: dict[str, Any] = described["tensors"]
        self.limit: int = described["limits"]["block"]
        self.folder = folder
        self.samples = samples  # folders; the first has the proof
        self.files: dict[str, Any] = {}
        self.code: dict[str, ModuleType] = {}  # the bundle's own modules, by the names that its pickles say

    def load(self) -> None:
        check_environment(self.described)
        self.code = load_code(self.described, self.samples[-1].parent)
        for name, pin in self.described["artifacts"].items():
            self.files[name] = load_artifact(file_in(self.folder, name), pin, self.code)
            use_one_thread(self.files[name])

    def check(self) -> None:
        """What can be told without loading anything: environment, pins, and the scan."""
        check_environment(self.described)
        for name, pin in self.described["artifacts"].items():
            scanned(file_in(self.folder, name), pin, frozenset(self.described.get("code", {})))

    def size(self) -> int:
        """Bytes of its artifacts, as pinned."""
        return sum(pin["size"] for pin in self.described["artifacts"].values())

    def artifact(self, reference: dict[str, Any]) -> Any:
        value = self.files[reference["file"]]
        for key in reference.get("key") or []:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                raise Refusal(f"{reference['file']} holds nothing under the key {key!r}. Mend `key`.") from None
        return value

    def output_tensor(self, output: dict[str, Any]) -> tuple[str, int | None]:
        """The datatype of a manifest output and its width (None: a vector)."""
        tensor = self.tensors[output["from"]]
        vector = tensor["columns"] is None or "column" in output
        return tensor["datatype"], None if vector else len(tensor["columns"])


def read_description(folder: Path) -> dict[str, Any]:
    path = folder / "bundle.json"
    try:
        described: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal(f"{path} cannot be read ({error}). Run `picklepod pin` on the bundle.") from None
    if not isinstance(described, dict) or described.get("format") != 1:
        raise Refusal(f"{path} is not of format 1. Run `picklepod pin` on the bundle with this version of Picklepod.")
    return described


def check_digest(described: dict[str, Any], folder: Path, wanted: str | None = None) -> None:
    if digest_of(described) != described.get("digest"):
        raise Refusal(
            f"{folder / 'bundle.json'} says its digest is {described.get('digest')}, its content has "
            f"{digest_of(described)}. It is generated: do not edit it, run `picklepod pin` on the bundle."
        )
    if wanted not in (None, described["digest"]):
        raise Refusal(
            f"{folder} holds the bundle {described['digest']} by now, and this sidecar was started for {wanted}. "
            "Nothing of it was run. Reload, so that the server reads it as it is now."
        )


def digest_of(described: dict[str, Any]) -> str:
    content = {member: value for member, value in described.items() if member != "digest"}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def is_trained(described: dict[str, Any]) -> bool:
    return bool(described.get("artifacts") == "trained")


def ready_bundle(described: dict[str, Any], folder: Path, state: Path | None) -> Bundle:
    """A trained bundle's pins and samples are in the state folder; the digest then covers what came from there."""
    if not is_trained(described):
        return Bundle(described, folder, [folder / "samples"])
    assert state is not None
    try:
        trained = json.loads((state / "trained.json").read_text(encoding="utf-8"))
        complete = {**described, "artifacts": trained["artifacts"], "tensors": trained["tensors"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refusal(f"{state / 'trained.json'} cannot be read ({error!r}). Delete {state} to train again.") from None
    complete["digest"] = digest_of(complete)
    return Bundle(complete, state, [state / "samples", folder / "samples"])
