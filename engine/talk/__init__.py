"""Conversations as tests: `.talk` files are read, played in process on a plant in memory, and
measured by what they reach."""
