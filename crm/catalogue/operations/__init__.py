"""The only writers of the catalogue app: one file an operation, each one transaction."""
