"""A bundle whose own code, as it is loaded, tries what attempts.py has, and says on stderr what became of it.

python prying.py FOLDER PORT      makes it, for the test from inside of a container
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

os.environ.update({f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")})
HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path[:0] = [str(HERE), "."]

from models import raising_bundle
from pinned import write_bundle


def prying_bundle(folder: Path, port: int, but: tuple = ()) -> Path:
    raising_bundle(folder)
    attempts = (HERE / "attempts.py").read_text().replace("from __future__ import annotations\n", "")
    told = f"{{'event': 'tried', 'all': try_all({port}, {but!r})}}"
    add_code(folder, f"{attempts}\nsys.stderr.write(json.dumps({told}) + chr(10))\n")
    return folder


def add_code(bundle: Path, lines: str) -> None:
    """To its own module, as if it had been there when the bundle was pinned."""
    path = bundle / "of_a_user.py"
    path.write_text(path.read_text() + "\n" + lines)
    described = json.loads((bundle / "bundle.json").read_text())
    content = path.read_bytes()
    described["code"]["of_a_user"].update(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    write_bundle(bundle, described)


if __name__ == "__main__":
    # A container's own profile ends a process that calls as x32 does.
    prying_bundle(Path(sys.argv[1]), int(sys.argv[2]), ("call as x32 does",))
