"""Says of a pickle, without running it, whether it may be loaded. Imports nothing but the standard library."""

from .names import is_honest
from .scanning import is_allowed, scan
from .verdict import Danger, Verdict, distrust

__all__ = ["Danger", "Verdict", "distrust", "is_allowed", "is_honest", "scan"]
