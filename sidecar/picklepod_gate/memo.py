"""What a pickle remembers by number: nearly always in turn, so that a list holds it at a tenth of a dict's price."""

from __future__ import annotations

from typing import Any, Dict, List


class Memo:
    __slots__ = ("beyond", "in_turn")

    def __init__(self) -> None:
        self.in_turn: List[Any] = []
        self.beyond: Dict[int, Any] = {}  # numbers that came before their turn

    def __len__(self) -> int:
        return len(self.in_turn) + len(self.beyond)

    def __getitem__(self, number: int) -> Any:
        return self.in_turn[number] if 0 <= number < len(self.in_turn) else self.beyond[number]

    def put(self, number: int, thing: Any) -> bool:
        """Whether it takes a place that was free."""
        if number < len(self.in_turn):
            self.in_turn[number] = thing
            return False
        is_new = number not in self.beyond
        if number == len(self.in_turn):
            self.in_turn.append(thing)
            self.beyond.pop(number, None)
        else:
            self.beyond[number] = thing
        return is_new
