"""The only writer of the audit app."""
