"""The explorer of paths: it derives what must be gone through in a flow, and goes through it."""
