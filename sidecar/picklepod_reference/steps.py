"""Runs the steps in order; what is called from outside is called in blocks, under the rule of its step."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from .blocks import in_blocks
from .bundle import Bundle
from .calls import CALLS
from .fault import Fault
from .plain_steps import PLAIN
from .rows import Rows
from .table import Table
from .values import Value

FindRule = Callable[[str, Callable[[Any], Any], int], str]  # step output, a call of any rows, how many: its rule


def compute(bundle: Bundle, rows: Rows, find_rule: FindRule) -> Table:
    table = Table(rows, bundle.inputs)
    for step in bundle.steps:
        try:
            table.add(step["output"], run(bundle, step, table, find_rule))
        except Exception as error:
            raise Fault(f"{bundle.name}: the step {step['output']} ({step['kind']}) failed: {error}") from error
    return table


def run(bundle: Bundle, step: dict[str, Any], table: Table, find_rule: FindRule) -> Value:
    if step["kind"] not in CALLS:
        return PLAIN[step["kind"]](bundle, step, table)
    call = CALLS[step["kind"]](bundle, step, table)
    rule = find_rule(step["output"], call.of, call.rows)
    data = in_blocks(call.of, np.arange(call.rows), rule, bundle.limit)
    return Value(data, call.names(data))
