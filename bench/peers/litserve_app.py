"""LitServe with batching: each call's rows are joined, scored at once and parted again."""

import sys
from typing import Any

import litserve
from fastapi import Request
from scoring import score

Rows = list[dict[str, Any]]


class Scorer(litserve.LitAPI):
    def setup(self, device: str) -> None:
        pass

    # LitServe reads this annotation (a text, under `annotations` of the future, it cannot): Request means parsed JSON to it.
    def decode_request(self, request: Request) -> Rows:
        body: Any = request
        return body if isinstance(body, list) else [body]

    def batch(self, inputs: list[Rows]) -> list[Rows]:
        return inputs

    def predict(self, inputs: list[Rows]) -> list[Rows]:
        answers = iter(score([row for rows in inputs for row in rows]))
        return [[next(answers) for _ in rows] for rows in inputs]

    def unbatch(self, output: list[Rows]) -> list[Rows]:
        return output

    def encode_response(self, output: Rows) -> Rows:
        return output


if __name__ == "__main__":
    api = Scorer(max_batch_size=64, batch_timeout=0.001)
    litserve.LitServer(api, accelerator="cpu", timeout=120).run(
        host="127.0.0.1", port=int(sys.argv[1]), generate_client_file=False, log_level="error"
    )
