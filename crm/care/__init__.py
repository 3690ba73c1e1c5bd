"""What an administrator does to a whole plant: copies of it, and whether it is well.

Not a Django app: it has no rows of its own. Start at `backup` and `restore`."""
