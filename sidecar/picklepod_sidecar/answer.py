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
    # What it took here, without its wait for others: whoever sent the call sees the waits of both ends in what it took.
    seconds: float = 0.0


class InferAnswer:
    def __init__(self, bundle: Bundle):
        self.bundle = bundle
        self.names = [output["name"] for output in bundle.outputs]
        # What is the same in every answer is written once.
        self.heads = {name: b'{"name":%b' % dumps(name) for name in self.names}
        self.head = b'{"model_name":%b,"model_version":%b,' % (dumps(bundle.name), dumps(bundle.version))
        self.digest = b'"parameters":{"digest":%b},"outputs":[' % dumps(bundle.digest)

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
        described: List[bytes] = []
        tensors: List[bytes] = []
        for name, binary in wanted:
            array = outputs[name]
            if binary:
                tensors.append(encode(array))
                rest = b'"parameters":{"binary_data_size":%d}}' % len(tensors[-1])
            else:
                rest = b'"data":%b}' % dumps(to_json(array))
            head = self.heads[name], datatype(array).encode(), b",".join([b"%d" % size for size in array.shape])
            described.append(b'%b,"datatype":"%b","shape":[%b],' % head + rest)
        id_of_call = b"" if request.id is None else b'"id":%b,' % dumps(request.id)
        return Encoded(self.head + id_of_call + self.digest + b",".join(described) + b"]}", tensors)
