"""Seeded imitations of the rows that each example bundle sees: plain Python 3.7 or newer, the same rows on every one.

Floats are never added with sum(): from Python 3.12 on it rounds in another way.
"""
