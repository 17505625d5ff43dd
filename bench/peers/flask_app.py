"""Flask as most write it: artifacts loaded once, Flask's own JSON."""

from __future__ import annotations

from flask import Flask, Response, jsonify, request
from scoring import score

app = Flask(__name__)


@app.post("/predict")
def predict() -> Response:
    body = request.get_json()
    return jsonify(score(body if isinstance(body, list) else [body]))
