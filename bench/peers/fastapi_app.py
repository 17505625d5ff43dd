"""FastAPI as a careful engineer would write it: orjson in and out, no model of the row."""

from __future__ import annotations

import orjson
from fastapi import FastAPI, Request, Response
from scoring import score

app = FastAPI()


@app.post("/predict")
async def predict(request: Request) -> Response:
    body = orjson.loads(await request.body())
    return Response(orjson.dumps(score(body if isinstance(body, list) else [body])), media_type="application/json")
