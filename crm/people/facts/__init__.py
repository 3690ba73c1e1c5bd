"""Typed read-only questions about people."""
