"""Limits, measurements against them, deviations and their decisions."""
