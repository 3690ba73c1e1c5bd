"""What a turn costs, as ratios measured in one run; never a timed test. Start at `__main__`."""
