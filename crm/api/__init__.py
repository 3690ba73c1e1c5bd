"""The read-only API: lots, traces, stock, for programs that hold a token."""
