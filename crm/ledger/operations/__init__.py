"""The only writers of the ledger app: one file an operation, each one transaction."""
