"""Frozen values that travel between layers; standard library only."""
