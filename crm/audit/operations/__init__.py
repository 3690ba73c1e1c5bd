"""The only writers of the audit app."""
