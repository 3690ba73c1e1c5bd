"""The only writers of the people app: one file an operation, each one transaction."""
