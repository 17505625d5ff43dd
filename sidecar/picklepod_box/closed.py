"""Closes this process in by seccomp: from then on no program is run, no process made, no socket opened.

A container's own profile cannot forbid to run programs, since the container begins with one. So this is done from
inside, when everything that a prediction needs is there. It cannot be undone, and holds for every thread.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from typing import Iterator

from .arguments import Rule, rules_of
from .syscalls import CALLS, CLONE3, OPENAT2, Calls

LOAD, AND, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where the kernel puts them for the filter; arguments have 8 bytes
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
PR_SET_NO_NEW_PRIVS = 38
libc = ctypes.CDLL(None, use_errno=True)
SET_MODE_FILTER = 1
# For every thread; and without the brakes on speculation that kernels before 5.16 put on whoever has a filter.
FLAGS = 1 | 4


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def close_in() -> str | None:
    """None when this process is closed in, else why it cannot be."""
    calls = CALLS.get(os.uname().machine)
    if not sys.platform.startswith("linux") or calls is None or sys.maxsize < 1 << 32:
        return f"there is no filter of system calls for {sys.platform} on {os.uname().machine}"
    instructions = b"".join(filter_of(calls))
    program = Program(len(instructions) // 8, instructions)
    if not give_up_privileges():
        return f"the kernel does not let it give up privileges ({reason()})"
    if libc.syscall(ctypes.c_long(calls.seccomp), SET_MODE_FILTER, FLAGS, ctypes.byref(program)):
        return f"the kernel takes no filter of system calls ({reason()})"
    return None


def give_up_privileges() -> bool:
    """For good: without that, the kernel lets nobody but root filter what he does."""
    return bool(libc.prctl(PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0))) == 0)


def reason() -> str:
    return os.strerror(ctypes.get_errno())


def filter_of(calls: Calls) -> Iterator[bytes]:
    yield from (step(LOAD, ARCHITECTURE), step(JUMP_EQUAL, calls.architecture, 1, 0), refuse(errno.ENOSYS))
    yield step(LOAD, NUMBER)
    if calls.others_from is not None:
        yield from (step(JUMP_AT_LEAST, calls.others_from, 0, 1), refuse(errno.ENOSYS))
    for number in (CLONE3, OPENAT2):
        yield from (step(JUMP_EQUAL, number, 0, 1), refuse(errno.ENOSYS))
    for number in calls.refused:
        yield from (step(JUMP_EQUAL, number, 0, 1), refuse(errno.EPERM))
    for name, rule in rules_of(os.getpid()):
        if name in calls.judged:
            judged = list(by_argument(rule))
            yield from (step(JUMP_EQUAL, calls.judged[name], 0, len(judged)), *judged)
    yield step(RETURN, ALLOW)


def by_argument(rule: Rule) -> Iterator[bytes]:
    """Its lower half: what is judged here are the kernel's ints. The call is decided by it, one way or the other."""
    yield from (step(LOAD, FIRST_ARGUMENT + 8 * rule.argument), step(AND, rule.mask))
    for at, value in enumerate(rule.values):
        yield step(JUMP_EQUAL, value, len(rule.values) - at, 0)
    listed, other = (step(RETURN, ALLOW), refuse(errno.EPERM))[:: 1 if rule.allowed else -1]
    yield from (other, listed)


def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def refuse(error: int) -> bytes:
    return step(RETURN, REFUSE | error)
