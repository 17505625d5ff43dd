"""The system calls that are judged by one of their arguments: numbers alone, for a filter cannot follow a pointer."""

from __future__ import annotations

from typing import Iterator, NamedTuple, Tuple

WHOLE = 0xFFFFFFFF


class Rule(NamedTuple):
    argument: int  # from 0
    values: Tuple[int, ...]
    allowed: bool  # these values alone, or all but these
    mask: int = WHOLE  # what of the argument is looked at


CLONE_THREAD = 0x00010000
SOCK_STREAM, SOCKET_TYPE = 1, 0xF
F_SETOWN, F_SETOWN_EX = 8, 15
FIOSETOWN, SIOCSPGRP = 0x8901, 0x8902
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
O_TRUNC, O_ACCMODE = 0o1000, 0o3


def rules_of(process: int) -> Iterator[Tuple[str, Rule]]:
    """By the calls' names; `process` is who may be signalled."""
    yield "clone", Rule(0, (CLONE_THREAD,), True, CLONE_THREAD)  # what is cloned must be a thread
    for signals in ("kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
        yield signals, Rule(0, (process,), True)
    yield "prlimit64", Rule(0, (0, process), True)  # 0 is oneself
    # A file may signal whoever is named its owner, and a terminal take what is put in for typed.
    yield "fcntl", Rule(1, (F_SETOWN, F_SETOWN_EX), False)
    yield "ioctl", Rule(1, (FIOSETOWN, SIOCSPGRP, TIOCSTI, TIOCLINUX), False)
    # One of datagrams could send to any Unix socket, without a connect.
    yield "socketpair", Rule(1, (SOCK_STREAM,), True, SOCKET_TYPE)
    # To empty a file while opening it for reading, or for neither, is no writing to Landlock before Linux 6.2.
    for opens, flags in (("open", 1), ("openat", 2)):
        yield opens, Rule(flags, (O_TRUNC, O_TRUNC | O_ACCMODE), False, O_TRUNC | O_ACCMODE)
