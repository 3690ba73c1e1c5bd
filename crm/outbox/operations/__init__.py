"""The only writers of the outbox app: one file an operation, each one transaction."""
