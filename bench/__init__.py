"""Measurements against the bounds that the design sets."""
