"""MLflow's pyfunc: `python mlflow_model.py <folder>` saves it, `mlflow models serve` serves it."""

from __future__ import annotations

import sys
from typing import Any

import mlflow
from mlflow.pyfunc import PythonModel


class Scorer(PythonModel):
    def load_context(self, context: Any) -> None:
        from scoring import score

        self.score = score

    def predict(self, context: Any, model_input: Any, params: Any = None) -> list[dict[str, Any]]:
        # pandas made null in a column of numbers nan, and in a column of texts None: both are missing.
        return self.score(model_input.to_dict("records"))


if __name__ == "__main__":
    mlflow.pyfunc.save_model(sys.argv[1], python_model=Scorer(), pip_requirements=["mlflow"])
