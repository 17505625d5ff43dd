"""python -m picklepod_box MEMORY SECONDS FILE_BYTES MODULE [ARGUMENT …]: runs the module closed in and under limits."""

from __future__ import annotations

import runpy
import sys

from .closed import close_in
from .limits import end_with_parent, limit


def main() -> None:
    memory, seconds, file_bytes = map(int, sys.argv[1:4])
    end_with_parent()
    limit(memory, seconds, file_bytes)
    close_in()  # where it cannot be, the one who serves says so
    del sys.argv[:4]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
