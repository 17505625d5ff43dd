"""A fault the reader can mend: one sentence of what is wrong, then the remedy."""


class Fault(Exception):
    pass


class Distrusted(Fault):
    """The gate refuses the file: no other environment would load it."""
