"""What bits depend on besides the bundle: architecture, libc, BLAS kernels and numpy's SIMD set."""

from __future__ import annotations

import ctypes
import importlib
import os
import platform
from typing import Any

BLAS_NAMES = ("openblas", "libmkl_rt", "libblis", "libcblas", "libblas", "libatlas")
SYMBOLS = ("openblas_get_{}", "openblas_get_{}64_", "scipy_openblas_get_{}", "scipy_openblas_get_{}64_")
FLAGS_NUMPY_KNOWS = {
    "sse", "sse2", "sse3", "ssse3", "sse4_1", "sse4_2", "popcnt", "avx", "f16c", "xop", "fma4", "fma", "avx2",
    "avx512f", "avx512cd", "avx512er", "avx512pf", "avx512vl", "avx512bw", "avx512dq", "avx512ifma", "avx512vbmi",
    "asimd", "neon", "sve",
}  # fmt: skip


def fingerprint() -> str:
    blas = " + ".join(blas_kernels()) or "blas unknown"
    return "; ".join([platform.machine(), libc(), blas, "numpy " + " ".join(simd_set())])


def libc() -> str:
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or "libc unknown"
    except (AttributeError, ValueError, OSError):
        return " ".join(platform.libc_ver()).strip() or platform.platform(terse=True)


def blas_kernels() -> list[str]:
    """One entry per distinct BLAS: numpy and scipy often bring one each, and each picks its own kernel."""
    for name in ("numpy", "scipy.linalg"):
        try:
            importlib.import_module(name)
        except ImportError:
            pass
    return sorted({describe_blas(path) for path in mapped_libraries()})


def mapped_libraries() -> list[str]:
    try:
        with open("/proc/self/maps") as maps:
            paths = {line.split(maxsplit=5)[5].strip() for line in maps if line.count("/") > 0}
    except OSError:
        return []
    return sorted(p for p in paths if any(name in os.path.basename(p) for name in BLAS_NAMES) and os.path.exists(p))


def describe_blas(path: str) -> str:
    try:
        library = ctypes.CDLL(path)
    except OSError:
        return os.path.basename(path)
    config = ask(library, "config")
    if config is None:
        return os.path.basename(path)
    words = config.split()
    version = words[1] if len(words) > 1 else config
    return "OpenBLAS {} {}".format(version, ask(library, "corename") or "unknown")


def ask(library: Any, what: str) -> str | None:
    for symbol in SYMBOLS:
        function = getattr(library, symbol.format(what), None)
        if function is not None:
            function.restype = ctypes.c_char_p
            answer: bytes = function()
            return answer.decode("ascii", "replace")
    return None


def simd_set() -> list[str]:
    features = numpy_features()
    if features is None:
        return sorted(flag.upper() for flag in cpu_flags() & FLAGS_NUMPY_KNOWS)
    return sorted(name for name, present in features.items() if present)


def numpy_features() -> dict[str, bool] | None:
    for module in ("numpy._core._multiarray_umath", "numpy.core._multiarray_umath"):
        try:
            features: dict[str, bool] = importlib.import_module(module).__cpu_features__
            return features
        except (ImportError, AttributeError):
            continue
    return None


def cpu_flags() -> set[str]:
    try:
        with open("/proc/cpuinfo") as cpuinfo:
            for line in cpuinfo:
                if line.startswith(("flags", "Features")):
                    return set(line.split(":", 1)[1].split())
    except OSError:
        pass
    return set()
