"""Talking to a flow in a terminal: what is typed becomes lines of a talk, played as any other."""
