"""What the protocol tells of a model, and what we tell beyond it."""

from __future__ import annotations

import platform
import resource
import sys
import time
from typing import Any, Dict, List

from .served import Served


def metadata(served: Served, stuck: str | None = None) -> Dict[str, Any]:
    """`stuck`: why the sidecar answers no call any more, whichever bundle's."""
    described, proof = served.described, served.proof
    bundle = served.bundle
    is_stuck = stuck is not None and served.state == "ready"
    return {
        "name": served.name,
        "versions": [served.version],
        "platform": "picklepod",
        "inputs": inputs(described.get("inputs") or {"numbers": [], "codes": [], "texts": []}),
        "outputs": outputs(served),
        "digest": bundle.digest if bundle else described.get("digest"),
        "state": "stuck" if is_stuck else served.state,
        "reason": stuck if is_stuck else served.reason,
        "proof": proof.verdict if proof else ("failed" if served.proof_failed else None),
        "fingerprint": proof.fingerprint if proof else None,
        "blocks": proof.blocks if proof else None,
        "distances": proof.distances if proof else None,
        "python": platform.python_version(),
        "libraries": (described.get("lock") or {}).get("packages", {}),
        "process": used(),
    }


def used() -> Dict[str, float]:
    """What this process has used so far, all its threads together."""
    return {"cpu_seconds": time.process_time(), "memory_bytes": memory_bytes()}


def memory_bytes() -> int:
    """The memory it holds now where Linux tells it; elsewhere the most it ever held."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


def inputs(described: Dict[str, Any]) -> List[Dict[str, Any]]:
    tensors = []
    for kind, datatype in (("numbers", "FP64"), ("codes", "INT32")):
        if described[kind]:
            tensors.append({"name": kind, "datatype": datatype, "shape": [-1, len(described[kind])]})
    return tensors + [{"name": name, "datatype": "BYTES", "shape": [-1]} for name in described["texts"]]


def outputs(served: Served) -> List[Dict[str, Any]]:
    bundle = served.bundle
    if bundle is None:
        return []
    tensors = [(output["name"], *bundle.output_tensor(output)) for output in bundle.outputs]
    return [
        {"name": name, "datatype": datatype, "shape": [-1] if width is None else [-1, width]}
        for name, datatype, width in tensors
    ]
