"""The typed expression language of the flows: parse, types, check, compile. Small, total, in
Python's notation."""
