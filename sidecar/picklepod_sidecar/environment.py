"""Is this the Python and are these the libraries that the bundle was pickled with?"""

from __future__ import annotations

import os
import platform
import re
import sys
import warnings
from typing import Any

from .problems import Refusal


def mind_warnings() -> None:
    # Whatever scikit-learn only warns of here may give other numbers.
    warnings.filterwarnings("error", message="Trying to unpickle estimator")
    # A matrix is handed over on purpose: when the bundle was pinned, the names were compared.
    warnings.filterwarnings("ignore", message="X does not have valid feature names")


def check_environment(described: dict[str, Any]) -> None:
    differences = [python_difference(described["python"]), *package_differences(described["lock"]["packages"])]
    wrong = [difference for difference in differences if difference]
    if wrong:
        raise Refusal(
            "This is not the environment that the bundle was pickled with: {}. "
            "Start its sidecar under Python {} with exactly what {} lists (`npm start` does both).".format(
                ", ".join(wrong), described["python"], described["lock"]["file"]
            )
        )


def python_difference(wanted: str) -> str | None:
    if wanted == "{}.{}".format(*sys.version_info):
        return None
    return f"pickled with Python {wanted}, here is Python {platform.python_version()}"


def package_differences(wanted: dict[str, str]) -> list[str]:
    installed = installed_packages()
    found = {name: installed.get(normal_name(name), "none") for name in wanted}
    return [
        f"pickled with {name} {version}, here is {found[name]}"
        for name, version in sorted(wanted.items())
        if normal_version(version) != normal_version(found[name])
    ]


def installed_packages() -> dict[str, str]:
    """By the names of their folders: Python 3.7 has no importlib.metadata, and this is one way for all."""
    packages: dict[str, str] = {}
    for folder in sys.path:
        try:
            entries = os.listdir(folder or ".")
        except OSError:
            continue
        for entry in entries:
            match = re.match(r"(.+?)-([^-]+)(-py[\d.]+)?\.(dist|egg)-info$", entry)
            if match:
                packages.setdefault(normal_name(match.group(1)), match.group(2))
    return packages


def normal_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def normal_version(version: str) -> str:
    return re.sub(r"(\.0)+$", "", version.lower())
