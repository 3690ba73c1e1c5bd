"""Commands that need the plant: one file a command, found by listing this folder.

Heavy imports inside the function."""
