"""The only writers of the documents app: one file an operation, each one transaction."""
