"""What a library evaluates when it loads an honest object: patsy's formulas, scipy.stats' argument parsers."""

from __future__ import annotations

import re

LONGEST = 10_000
NAME = r"[^\W\d]\w*"
TOKEN = re.compile(rf"\s*(?:(C\s*\(\s*{NAME}\s*\)|{NAME}|\d+(?:\.\d+)?)|([-+:*~()]))")
SHAPES = re.compile(r"\ndef _parse_args\(self, ((?:[A-Za-z_][A-Za-z0-9_]*, )*) loc=0(, scale=1)?\):\n", re.ASCII)
PARSER = """
def _parse_args(self, {shapes} {given}):
    return ({shapes}), {made}

def _parse_args_rvs(self, {shapes} {given}, size=None):
    return self._argcheck_rvs({shapes} {made}, size=size)

def _parse_args_stats(self, {shapes} {given}, moments='mv'):
    return ({shapes}), {made}, moments
"""


def is_plain_formula(text: str) -> bool:
    """Names, numbers, + - : * ~ ( ), and C(name): nothing that calls, indexes or looks into something."""
    before, place, text = "", 0, text.rstrip()
    while place < len(text) <= LONGEST:
        token = TOKEN.match(text, place)
        if token is None:
            return False
        # What stands right before a bracket would be called; beside a name it is something else to Python.
        operator = token.group(2)
        if operator in (None, "(") and before in ("operand", ")"):
            return False
        if operator == "*" == before:
            return False
        before, place = operator or "operand", token.end()
    return len(text) <= LONGEST


def is_argument_parser(text: str) -> bool:
    """scipy's own template, filled with plain names."""
    found = SHAPES.match(text)
    if found is None:
        return False
    given, made = ("loc=0, scale=1", "loc, scale") if found.group(2) else ("loc=0", "loc, 1")
    return text == PARSER.format(shapes=found.group(1), given=given, made=made)
