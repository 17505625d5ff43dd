"""Lets this process, and whatever thread it starts from now on, write in some folders alone (Landlock, Linux 5.13)."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from pathlib import Path
from typing import Iterable

from .closed import give_up_privileges, libc, reason

CREATE, ADD_RULE, RESTRICT = 444, 445, 446  # the same numbers on every architecture
VERSION, BENEATH = 1, 1
WRITE_FILE = 1 << 1
# To remove and to make things of every kind; to move between folders and to shorten a file came later.
TO_REMOVE_OR_MAKE = sum(1 << bit for bit in range(4, 13))
REFER, TRUNCATE = 1 << 13, 1 << 14
OF_EVERYBODY = (Path("/dev/shm"), Path("/dev/null"))  # OpenMP's runtimes end the process that has no shared memory


def write_only_in(folders: Iterable[Path]) -> str | None:
    """None when it is so, else why it cannot be. Before any thread is started that must not write."""
    if not sys.platform.startswith("linux"):
        return f"{sys.platform} has nothing that this process could do it by"
    version = call(CREATE, 0, 0, VERSION)
    if version < 1 or not give_up_privileges():
        return f"the kernel does not offer it ({reason()})"
    handled = WRITE_FILE | TO_REMOVE_OR_MAKE | (REFER if version >= 2 else 0) | (TRUNCATE if version >= 3 else 0)
    rules = call(CREATE, struct.pack("Q", handled), 8, 0)
    for folder in folders:
        allow(rules, folder, handled)
    refused = call(RESTRICT, rules, 0)
    os.close(rules)
    return None if refused == 0 else f"the kernel refused ({reason()})"


def allow(rules: int, folder: Path, rights: int) -> None:
    try:
        opened = os.open(str(folder), os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there need not be written to
    call(ADD_RULE, rules, BENEATH, struct.pack("=Qi", rights if folder.is_dir() else WRITE_FILE, opened), 0)
    os.close(opened)


def call(number: int, *arguments: bytes | int) -> int:
    given = [each if isinstance(each, bytes) else ctypes.c_long(each) for each in arguments]
    return int(libc.syscall(ctypes.c_long(number), *given))
