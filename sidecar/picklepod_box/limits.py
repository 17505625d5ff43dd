"""How much of the machine a process may use that loads artifacts for the first time."""

from __future__ import annotations

import ctypes
import resource
import signal
import sys
from typing import List

FILES = 512
PR_SET_PDEATHSIG = 1


def limit(memory: int, seconds: int, file_bytes: int) -> List[str]:
    """Beyond them: a MemoryError, SIGXCPU (and SIGKILL a moment later), an OSError. A crash leaves no core.

    Returns what is not limited, since this machine does not let it be.
    """
    done = {
        "memory": lower(resource.RLIMIT_AS, memory),
        "time": lower(resource.RLIMIT_CPU, seconds, seconds + 2),
        "files' sizes": lower(resource.RLIMIT_FSIZE, file_bytes),
        "number of open files": lower(resource.RLIMIT_NOFILE, FILES),
        "cores": no_core(),
    }
    return [name for name, is_done in done.items() if not is_done]


def lower(which: int, wanted: int, hard: int | None = None) -> bool:
    """Whether it is so. Never raised: whoever started us may have set a lower one."""
    _, most = resource.getrlimit(which)
    bounds = [value if most == resource.RLIM_INFINITY else min(value, most) for value in (wanted, hard or wanted)]
    try:
        resource.setrlimit(which, (bounds[0], bounds[1]))
    except (ValueError, OSError):  # macOS has limits that it does not let anyone set
        return False
    return True


def no_core() -> bool:
    """A core would hold the rows of whoever was served, and the artifacts."""
    return lower(resource.RLIMIT_CORE, 0)


def end_with_parent() -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
