"""What every property here needs: the sidecar's sources on the path, and how many cases it is tried with."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

SIDECAR = Path(__file__).resolve().parent.parent.parent / "sidecar"
sys.path[:0] = [str(SIDECAR), str(SIDECAR / "tests")]

settings.register_profile(
    "fuzz",
    max_examples=int(os.environ.get("FUZZ_CASES", "200")),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("fuzz")
