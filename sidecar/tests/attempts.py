"""What code that came with a model would try from inside of the sidecar; each gives `done`, or the error's name.

As a program it tries everything, closed in or (with the argument `open`) not by itself, and prints what became of it:

    python attempts.py PORT [open] [FILE …]      the files are those that it tries to write
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from typing import Any, Callable, Dict, List

libc = ctypes.CDLL(None, use_errno=True)
X32 = 0x40000000
NOBODY = (1 << 22) + 1  # more than a process's number may be
NOWHERE = "/nowhere/at/all"


def outcome(attempt: Callable[[], Any]) -> str:
    try:
        attempt()
        return "done"
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, repr(error))


def system_call(number: int, *arguments: int) -> None:
    if libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)) < 0:
        raise OSError(ctypes.get_errno(), "")


def fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def reach(kind: int, address: Any, family: int = socket.AF_INET) -> None:
    with socket.socket(family, kind) as opened:
        opened.settimeout(2)
        opened.connect(address)


def start_a_thread() -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()


def signal_oneself() -> None:
    os.kill(os.getpid(), 0)
    signal.pthread_kill(threading.get_ident(), 0)


def a_pair(kind: int) -> None:
    for end in socket.socketpair(socket.AF_UNIX, kind):
        end.close()


def own_by(process: int) -> None:
    with open(os.devnull) as file:
        fcntl.fcntl(file, fcntl.F_SETOWN, process)


def attempts(port: int) -> Dict[str, Callable[[], Any]]:
    return {
        "run a program": lambda: subprocess.run(["/bin/true"], check=True),
        "become a program": lambda: os.execv(NOWHERE, ["x"]),
        "fork": fork,
        "connect": lambda: reach(socket.SOCK_STREAM, ("127.0.0.1", port)),
        "send a datagram": lambda: reach(socket.SOCK_DGRAM, ("127.0.0.1", 53)),
        "open a Unix socket": lambda: socket.socket(socket.AF_UNIX).close(),
        "set up io_uring": lambda: system_call(425, 0, 0),
        "trace": lambda: system_call(101, 16, 0, 0, 0),  # nobody has the number 0
        "make a namespace": lambda: system_call(272, 0x10000000),
        "call as x32 does": lambda: system_call(X32 | 39),
        "change a file of Python's": lambda: open(os.__file__, "a").close(),
        "end another process": lambda: os.kill(NOBODY, 0),
        "end all processes": lambda: os.kill(0, 0),
        "end a thread of another": lambda: system_call(234, NOBODY, NOBODY, 0),
        "end by the number of a thread": lambda: system_call(200, NOBODY, 0),
        "queue a signal": lambda: system_call(129, NOBODY, 0, 0),
        "signal by a file": lambda: system_call(424, -1, 0, 0, 0),
        "let a file signal another": lambda: own_by(NOBODY),
        "limit another process": lambda: resource.prlimit(NOBODY, resource.RLIMIT_NOFILE),
        "type into a terminal": lambda: fcntl.ioctl(0, 0x5412, b"x"),
        "change a mode": lambda: os.chmod(NOWHERE, 0),
        "change an open file's mode": lambda: system_call(91, -1, 0),
        "change an owner": lambda: os.chown(NOWHERE, 0, 0),
        "change a time": lambda: os.utime(NOWHERE, (0, 0)),
        "change an attribute": lambda: os.setxattr(NOWHERE, "user.x", b""),
        "empty a file by name": lambda: os.truncate(NOWHERE, 0),
        "empty a file by reading": lambda: os.open(NOWHERE, os.O_RDONLY | os.O_TRUNC),
        "empty a file by no access": lambda: os.open(NOWHERE, os.O_ACCMODE | os.O_TRUNC),
        "open by what no filter sees": lambda: system_call(437, -100, 0, 0, 0),
        "pair sockets of datagrams": lambda: a_pair(socket.SOCK_DGRAM),
        "pair sockets of streams": lambda: a_pair(socket.SOCK_STREAM),
        "signal oneself": signal_oneself,
        "start a thread": start_a_thread,
    }


def try_all(port: int, but: tuple = ()) -> Dict[str, str]:
    return {name: outcome(attempt) for name, attempt in attempts(port).items() if name not in but}


def try_to_write(paths: List[str]) -> Dict[str, str]:
    return {path: outcome(lambda path=path: open(os.path.expanduser(path), "w").close()) for path in paths}


if __name__ == "__main__":
    port, *more = sys.argv[1:]
    if "open" not in more:
        from picklepod_box.closed import close_in
        from picklepod_box.files import write_only_in

        assert write_only_in([]) is None and close_in() is None
    print(json.dumps({**try_all(int(port)), **try_to_write([path for path in more if path != "open"])}))
