"""Writes pickles that must never be loaded, each with the reason for which the gate refuses it.

    python3 -m tests.bad_pickles.generate FOLDER      (in the folder sidecar)

FOLDER/expected.json says of each file its danger code; those with `"honest": true` look bad and are not. A bad one that
can do something would leave a file in FOLDER/canary.
"""

import json
import sys
from pathlib import Path

from . import (
    aliases,
    bad_arrays,
    bad_calls,
    bad_globals,
    bad_states,
    bad_streams,
    bombs,
    look_alikes,
    partials,
    published,
    scanner_traps,
)


def generate(folder):
    canary = folder / "canary"
    canary.mkdir(parents=True, exist_ok=True)
    expected = {}
    parts = (
        *(bad_globals, bad_calls, bad_states, bad_streams, bad_arrays),
        *(aliases, bombs, partials, published, scanner_traps),
    )
    for part in parts:
        for name, code, content in part.cases(str(canary / "left")):
            write(folder, expected, name, content, {"code": code, "honest": False})
    for name, content in (
        *look_alikes.cases(str(canary / "left")),
        *partials.honest(),
        *aliases.honest(),
        *bombs.honest(),
    ):
        write(folder, expected, "honest-" + name, content, {"code": None, "honest": True})
    (folder / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True))
    return expected


def write(folder, expected, name, content, said):
    file = name + ".pkl"
    assert file not in expected, file
    (folder / file).write_bytes(content)
    expected[file] = said


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(f"{len(generate(Path(sys.argv[1]).resolve()))} files")
