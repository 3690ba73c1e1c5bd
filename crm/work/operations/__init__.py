"""The only writers of the work app: one file an operation, each one transaction."""
