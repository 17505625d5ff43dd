"""BentoML with adaptive batching: calls are joined along the list of rows."""

from __future__ import annotations

from typing import Any

import bentoml
from scoring import score


@bentoml.service(traffic={"timeout": 120, "max_concurrency": 4096})
class Scorer:
    @bentoml.api(batchable=True, max_batch_size=20_000, max_latency_ms=10_000)
    def predict(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return score(rows)
