"""The only writers of the quality app: one file an operation, each one transaction."""
