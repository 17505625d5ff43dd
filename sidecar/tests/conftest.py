"""Bundles that many tests share, trained once a run, and a sidecar that serves them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ.update({f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")})
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

import pytest
from models import mixed_bundle, raising_bundle
from running import Sidecar


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: Any) -> Path:
    """Numbers and categories through scaler, one-hot, selection, logistic regression, threshold and labels."""
    return mixed_bundle(tmp_path_factory.mktemp("mixed"))


@pytest.fixture(scope="session")
def raising(tmp_path_factory: Any) -> Path:
    """Its model raises at rows whose first number is above 1000, and sleeps a second above 100."""
    return raising_bundle(tmp_path_factory.mktemp("raising"))


@pytest.fixture(scope="session")
def sidecar(mixed: Path, raising: Path) -> Any:
    with Sidecar(mixed, raising) as running:
        running.wait_until_ready()
        yield running
