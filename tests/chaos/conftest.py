"""The day on which everything fails belongs to `make soak`: it takes a minute of both processors,
and what a driver of real processes sees by chance must not refuse a change of something else."""

from __future__ import annotations

from tests.sizes import sizes

collect_ignore = [] if sizes().full else ["test_day.py"]
