"""An artifact of a user's own that misbehaves on demand."""

from __future__ import annotations

import time
from typing import Any


class Touchy:
    def predict(self, rows: Any) -> Any:
        first = rows[0, 0]
        if first > 1000:
            raise ValueError("more than I can take")
        if first < -1000:
            return rows[:0, 0]
        if first > 100:
            time.sleep(1.0)
        return rows[:, 0] * 2
