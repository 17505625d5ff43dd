"""The artifacts' own methods, called by plain code: what the sidecar is measured against.

Nothing here is fast, and nothing of the sidecar is used.
"""
