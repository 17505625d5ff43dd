"""Gate 5, from inside: what a process that holds a stranger's artifacts may no longer do."""
