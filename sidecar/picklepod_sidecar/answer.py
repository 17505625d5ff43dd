"""The answer to an infer call, binary or JSON as the caller asked for each output."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Tuple

from .bundle import Bundle
from .problems import Problem
from .request import Request
from .tensors import dumps, encode, to_json
from .values import datatype


class Encoded(NamedTuple):
    header: bytes
    tensors: List[bytes]


class InferAnswer:
    def __init__(self, bundle: Bundle):
        self.bundle = bundle
        self.names = [output["name"] for output in bundle.outputs]

    def wanted(self, request: Request) -> List[Tuple[str, bool]]:
        """Each output asked for, and whether as binary; all of them where none is named."""
        if not request.outputs:
            return [(name, request.binary_output) for name in self.names]
        return [self.one_wanted(output, request) for output in request.outputs]

    def one_wanted(self, output: Any, request: Request) -> Tuple[str, bool]:
        name: Any = output.get("name") if isinstance(output, dict) else None
        if name not in self.names:
            raise Problem("bad-tensors", f"There is no output {name!r}. There are: {', '.join(self.names)}.")
        parameters = output.get("parameters") or {}
        binary = parameters.get("binary_data") if isinstance(parameters, dict) else None
        return name, request.binary_output if binary is None else binary is True

    def encode(self, request: Request, wanted: List[Tuple[str, bool]], outputs: Dict[str, Any]) -> Encoded:
        described, tensors = [], []
        for name, binary in wanted:
            array = outputs[name]
            tensor: Dict[str, Any] = {"name": name, "datatype": datatype(array), "shape": list(array.shape)}
            if binary:
                tensors.append(encode(array))
                tensor["parameters"] = {"binary_data_size": len(tensors[-1])}
            else:
                tensor["data"] = to_json(array)
            described.append(tensor)
        answer = {
            "model_name": self.bundle.name,
            "model_version": self.bundle.version,
            "id": request.id,
            "parameters": {"digest": self.bundle.digest},
            "outputs": described,
        }
        if request.id is None:
            del answer["id"]
        return Encoded(dumps(answer), tensors)
