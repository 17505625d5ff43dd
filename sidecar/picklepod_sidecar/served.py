"""A bundle's way from a folder to an answer: training, loading, proving, ready; or failed, with the reason."""

from __future__ import annotations

import shutil
import time
import traceback
from pathlib import Path
from typing import Any, Dict, List

from . import bundle as bundles
from . import lean_checks
from .answer import InferAnswer
from .child import reference
from .log import log
from .patience import Patience
from .problems import Problem, Refusal
from .proof import Proof, prove
from .request import Request
from .search import spare_place
from .steps import Pipeline
from .tensors import TensorReader
from .trial import Failed, try_out

LONGEST_JSON = 64 * 1024  # bytes that are read in a moment: numbers as text take far longer than as tensors


class Served:
    def __init__(
        self,
        folder: Path,
        state_dir: Path | None,
        tried: bool = False,
        wanted: str | None = None,
        spare: Path | None = None,
    ):
        """`tried`: this is the trial itself, in its process under limits. `wanted`: no bundle but of this digest.
        `spare`: where the trial finds what the state folder could not keep.
        """
        self.tried = tried
        self.folder = folder
        self.state_dir = state_dir
        self.own_spare = [] if spare else spare_place()
        kept = [] if state_dir is None else [state_dir / "proofs"]
        self.proofs = [*kept, *([spare] if spare else self.own_spare)]
        self.state = "loading"
        self.reason: str | None = None
        self.proof: Proof | None = None
        self.proof_failed = False
        self.patience = Patience()
        self.described: Dict[str, Any] = {}
        self.bundle: bundles.Bundle | None = None
        try:
            self.described = bundles.read_description(folder)
            bundles.check_digest(self.described, folder, wanted)
        except Refusal as refusal:
            self.fail(str(refusal))
        self.name: str = self.described.get("name", folder.resolve().name)
        self.version: str = self.described.get("version", "")

    def fail(self, reason: str) -> None:
        self.reason = reason
        self.proof_failed = self.state == "proving"
        self.state = "failed"
        log("error", "failed", bundle=self.folder.resolve().name, reason=reason)

    def settled(self) -> bool:
        return self.state in ("ready", "failed")

    def bring_up(self) -> None:
        if self.settled():
            return
        try:
            self.load_and_prove()
        except Failed as failed:
            self.state = failed.state
            self.fail(str(failed))
        except (Refusal, Problem) as refusal:
            self.fail(str(refusal))
        except Exception as error:
            log("error", "unexpected", bundle=self.name, traceback=traceback.format_exc())
            self.fail(f"Something unforeseen happened: {type(error).__name__}: {error}. The log has the traceback.")
        finally:
            for place in self.own_spare:
                shutil.rmtree(str(place), ignore_errors=True)

    def load_and_prove(self) -> None:
        started = time.monotonic()
        state = self.trained_state() if bundles.is_trained(self.described) else None
        self.state = "loading"
        self.bundle = bundles.ready_bundle(self.described, self.folder, state)
        if not self.tried:
            try_out(self.bundle, self.folder, self.state_dir, self.proofs)
        self.bundle.load()
        self.pipeline = Pipeline(self.bundle)
        self.reader = TensorReader(self.bundle.inputs)
        self.answer = InferAnswer(self.bundle)
        self.state = "proving"
        self.proof = self.proved(self.bundle)
        self.state = "ready"
        seconds = round(time.monotonic() - started, 3)
        log("info", "proof", bundle=self.name, proof=self.proof.verdict, seconds=seconds, checked=self.proof.checked)

    def proved(self, bundle: bundles.Bundle) -> Proof:
        """With scikit-learn's checks made lean, and where that is no proof, with all of them."""
        lean_checks.install(bundle.files.values())
        try:
            return prove(bundle, self.pipeline, self.proofs)
        except (Refusal, Problem):
            if not lean_checks.remove():
                raise
        try:
            proof = prove(bundle, self.pipeline, self.proofs)
        except (Refusal, Problem):
            lean_checks.install([])  # they were not the reason
            raise
        lean_checks.give_up()
        log("warning", "lean-checks", text=f"{self.name} has its proof only with all of scikit-learn's own checks.")
        return proof

    def trained_state(self) -> Path:
        if self.state_dir is None:
            raise Refusal(f"{self.name} is trained at its first start, and has no place for that. Give --state-dir.")
        state = self.state_dir / self.name
        if not (state / "trained.json").exists():
            self.state = "training"
            reference(self.name, "train", *self.training())
        return state

    def training(self) -> List[str]:
        """What its training is started with; nothing where it is none of those that train."""
        if self.settled() or self.state_dir is None or not bundles.is_trained(self.described):
            return []
        return ["--bundle", str(self.folder), "--state", str(self.state_dir / self.name)]

    def is_short(self, size: int, header_length: int | None) -> bool:
        """Whether so many bytes may be computed on the event loop. Code of a user's own may wait for anything."""
        if self.proof is None or self.described.get("code") or (header_length or size) > LONGEST_JSON:
            return False
        return self.proof.pace.is_short(size)

    def stuck(self) -> str | None:
        lost = self.patience.lost()
        if lost is None:
            return None
        return f"{self.name} has computed {lost}, far longer than anybody waits, and no other call is answered before"

    def infer(self, body: memoryview, header_length: int | None, arrived: float) -> Any:
        """Everything between the bytes of a call and the bytes of its answer."""
        if self.state != "ready" or self.bundle is None or self.proof is None:
            raise Problem("not-ready", self.reason or f"{self.name} is {self.state}. Ask again when it is ready.")
        started = time.monotonic()
        request = Request(body, header_length)
        if request.timeout_ms is not None and (time.monotonic() - arrived) * 1000 >= request.timeout_ms:
            raise Problem("expired", f"The call waited longer than its {request.timeout_ms} ms, and was not computed.")
        if request.digest not in (None, self.bundle.digest):
            raise Problem("wrong-digest", f"This is {self.bundle.digest}, and not the bundle {request.digest}.")
        wanted = self.answer.wanted(request)
        columns = self.reader.read(request)
        self.patience.begins(request, columns.rows, self.proof.pace)
        try:
            values = self.pipeline.compute(columns)
            encoded = self.answer.encode(request, wanted, self.pipeline.outputs(values))
        finally:
            self.patience.ended()
            seconds = time.monotonic() - started
            self.proof.pace.took(len(body), seconds)
        return encoded._replace(seconds=seconds)
