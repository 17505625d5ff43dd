"""The first load and proof of a bundle on a machine are in a process under limits: a crash is a verdict, and no more.

    python -m picklepod_sidecar.trial BUNDLE STATE_DIR [PROOFS] [scan]      by the launcher, closed in

STATE_DIR may be empty. PROOFS is looked in for what was found out on this machine and STATE_DIR does not have. With
`scan`, all is looked through and nothing loaded.

What passed is noted by the bundle's digest and the machine's fingerprint, so that later starts are as fast as before.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, List, Sequence, Tuple

from picklepod_reference.fingerprint import fingerprint

from .bundle import Bundle, is_trained, ready_bundle
from .child import Ended, run
from .environment import check_environment, mind_warnings
from .log import log
from .problems import Refusal
from .samples import read_json, short_name
from .search import searched_here

if TYPE_CHECKING:
    from .served import Served

SCAN = "scan"
TRIED = "was loaded and proved in a process of its own first, since this machine does not know it yet, and"
SCANNED = "was looked through in a process of its own, before any of it is loaded, and"
TOO_MUCH = "took more time or memory than any model needs."
REMEDY = "Do not trust its artifacts; train and save them again if they are yours."
CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT)


class Failed(Exception):
    """`state`: what the bundle was at, `loading` or `proving`, when it was refused."""

    def __init__(self, state: str, reason: str):
        super().__init__(reason)
        self.state = state


def try_out(bundle: Bundle, folder: Path, state_dir: Path | None, proofs: Sequence[Path]) -> None:
    check_environment(bundle.described)
    here = fingerprint()
    noted = None if state_dir is None else state_dir / "trials" / f"{bundle.digest}-{short_name(here)}"
    if noted is None or not noted.exists():
        hold(bundle, [str(folder), str(state_dir or ""), *map(str, proofs[-1:])], proofs, here)
        note(noted)


def hold(bundle: Bundle, arguments: List[str], proofs: Sequence[Path], here: str) -> None:
    if not is_known(bundle, here):  # what is searched needs a process too, which the trial cannot start
        # The search says otherwise what it refuses. And a pickle may be made to take the memory of who scans it.
        in_a_process(bundle, SCANNED, [*arguments, SCAN])
        searched_here(bundle, here, proofs)
    in_a_process(bundle, TRIED, arguments)


def in_a_process(bundle: Bundle, what: str, arguments: List[str]) -> None:
    ended = run(bundle.name, "trial", arguments, bundle.size())
    if ended.status or ended.late:
        raise Failed(*verdict(f"{bundle.name} {what}", ended))


def is_known(bundle: Bundle, fingerprint: str) -> bool:
    try:
        return fingerprint in read_json(bundle.samples[0] / "fingerprints.json")
    except Refusal:
        return True  # the trial says what is wrong with it


def verdict(tried: str, ended: Ended) -> Tuple[str, str]:
    """A state and a sentence."""
    try:
        told = json.loads(ended.last)
        return told["state"], told["reason"]
    except (ValueError, KeyError, TypeError):
        pass
    if ended.late or -ended.status in (signal.SIGXCPU, signal.SIGKILL):
        return "loading", f"{tried} {TOO_MUCH} {REMEDY}"
    if -ended.status in CRASHES:
        return "loading", f"{tried} crashed it ({signal.Signals(-ended.status).name}). {REMEDY}"
    return "loading", f"{tried} ended it with status {ended.status}. Its last line: {ended.last[:500]}. {REMEDY}"


def note(path: Path | None) -> None:
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as error:
        text = f"That a bundle passed its trial cannot be kept ({error}), and it is tried again at each start."
        log("warning", "trial", text=text)


def scan(served: Served) -> None:
    reason = None
    try:
        state = served.trained_state() if is_trained(served.described) else None
        ready_bundle(served.described, served.folder, state).check()
    except Refusal as refusal:
        reason = str(refusal)
    except MemoryError:  # there is some again behind this: its traceback would need some
        reason = f"{served.name} {SCANNED} {TOO_MUCH} {REMEDY}"
    if reason is not None:
        served.fail(reason)


def main() -> None:
    from .served import Served

    mind_warnings()
    scans = sys.argv[-1] == SCAN
    folder, state, *proofs = sys.argv[1 : -1 if scans else None]
    served = Served(Path(folder), Path(state) if state else None, tried=True, spare=Path(proofs[0]) if proofs else None)
    if not scans:
        served.bring_up()
    elif not served.settled():
        scan(served)
    if served.state == "failed":
        told = {"state": "proving" if served.proof_failed else "loading", "reason": served.reason}
        print(json.dumps(told), flush=True)
        os._exit(1)  # whatever is said at a normal end would stand behind the verdict


if __name__ == "__main__":
    main()
