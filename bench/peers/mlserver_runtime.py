"""MLServer with adaptive batching. The rows travel as a BYTES tensor, a JSON text each: the Open Inference Protocol has no
column of untidy cells. Answered are the two tensors that differ from row to row, in MLServer's favour."""

from __future__ import annotations

import orjson
from mlserver import MLModel
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput
from scoring import probabilities


class Scorer(MLModel):
    async def load(self) -> bool:
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        rows = [orjson.loads(text) for text in payload.inputs[0].data]
        found = probabilities(rows)
        shape = [len(rows), 1]
        classes = [int(p >= 0.5) for p in found]
        return InferenceResponse(
            model_name=self.name,
            outputs=[
                ResponseOutput(name="probability", shape=shape, datatype="FP64", data=[round(p, 10) for p in found]),
                ResponseOutput(name="class", shape=shape, datatype="INT64", data=classes),
            ],
        )
