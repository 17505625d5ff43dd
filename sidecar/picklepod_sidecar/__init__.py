"""Loads pickled artifacts in the environment that wrote them, proves them, and computes; it judges no input."""
