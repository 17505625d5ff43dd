"""Ray Serve with @serve.batch: calls are joined, scored at once and parted again."""

from __future__ import annotations

import signal
import sys
from typing import Any

import orjson
import ray
from ray import serve
from starlette.requests import Request
from starlette.responses import Response

Rows = list[dict[str, Any]]


@serve.deployment(max_ongoing_requests=2048)
class Scorer:
    def __init__(self) -> None:
        from scoring import score  # in the replica: what it holds is loaded there

        self.score = score

    @serve.batch(max_batch_size=64, batch_wait_timeout_s=0.001)
    async def score_all(self, calls: list[Rows]) -> list[Rows]:
        answers = iter(self.score([row for rows in calls for row in rows]))
        return [[next(answers) for _ in rows] for rows in calls]

    async def __call__(self, request: Request) -> Response:
        body = orjson.loads(await request.body())
        answers = await self.score_all(body if isinstance(body, list) else [body])
        return Response(orjson.dumps(answers), media_type="application/json")


if __name__ == "__main__":
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    serve.start(http_options={"host": "127.0.0.1", "port": int(sys.argv[1])})
    serve.run(Scorer.bind(), route_prefix="/predict")
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    serve.shutdown()
    ray.shutdown()
