"""The system calls that no prediction needs, by their numbers on each architecture."""

from __future__ import annotations

from typing import Dict, NamedTuple, Tuple


class Calls(NamedTuple):
    architecture: int  # as the kernel tells it to the filter: AUDIT_ARCH_*
    seccomp: int
    judged: Dict[str, int]  # by an argument: arguments.py
    others_from: int | None  # numbers of another calling convention begin here (x32)
    refused: Tuple[int, ...]


# fmt: off
EVERYWHERE: Dict[str, int] = {
    "pidfd_open": 434, "pidfd_getfd": 438,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,  # could open sockets past this filter
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "mount_setattr": 442,
    "pidfd_send_signal": 424,  # a folder of /proc will do for its file
    "fchmodat2": 452, "setxattrat": 463, "removexattrat": 466, "file_setattr": 469,
}
# Their flags lie in memory, where no filter sees them: who finds them missing falls back to clone and openat.
CLONE3, OPENAT2 = 435, 437
ON_X86_64: Dict[str, int] = {
    "execve": 59, "execveat": 322, "fork": 57, "vfork": 58,
    "socket": 41, "connect": 42,
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311,
    "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "unshare": 272, "setns": 308,
    "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "personality": 135, "open_by_handle_at": 304,
    "add_key": 248, "request_key": 249, "keyctl": 250,
    "chmod": 90, "fchmod": 91, "fchmodat": 268, "chown": 92, "fchown": 93, "lchown": 94, "fchownat": 260,
    "utime": 132, "utimes": 235, "futimesat": 261, "utimensat": 280, "truncate": 76,
    "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190,
    "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199,
    "init_module": 175, "finit_module": 313, "delete_module": 176, "kexec_load": 246, "kexec_file_load": 320,
}
ON_AARCH64: Dict[str, int] = {
    "execve": 221, "execveat": 281,
    "socket": 198, "connect": 203,
    "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271,
    "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "unshare": 97, "setns": 268,
    "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "personality": 92, "open_by_handle_at": 265,
    "add_key": 217, "request_key": 218, "keyctl": 219,
    "fchmod": 52, "fchmodat": 53, "fchown": 55, "fchownat": 54, "utimensat": 88, "truncate": 45,
    "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7, "removexattr": 14, "lremovexattr": 15, "fremovexattr": 16,
    "init_module": 105, "finit_module": 273, "delete_module": 106, "kexec_load": 104, "kexec_file_load": 294,
}
JUDGED_ON_X86_64: Dict[str, int] = {
    "clone": 56, "kill": 62, "tkill": 200, "tgkill": 234, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297,
    "prlimit64": 302, "fcntl": 72, "ioctl": 16, "socketpair": 53, "open": 2, "openat": 257,
}
JUDGED_ON_AARCH64: Dict[str, int] = {
    "clone": 220, "kill": 129, "tkill": 130, "tgkill": 131, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240,
    "prlimit64": 261, "fcntl": 25, "ioctl": 29, "socketpair": 199, "openat": 56,
}
# fmt: on


def numbers(of_this: Dict[str, int]) -> Tuple[int, ...]:
    return tuple(sorted({*of_this.values(), *EVERYWHERE.values()}))


CALLS: Dict[str, Calls] = {
    "x86_64": Calls(0xC000003E, 317, JUDGED_ON_X86_64, 0x40000000, numbers(ON_X86_64)),
    "aarch64": Calls(0xC00000B7, 277, JUDGED_ON_AARCH64, None, numbers(ON_AARCH64)),
}
