"""The only writers of the production app: one file an operation, each one transaction."""
